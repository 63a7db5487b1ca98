/** What stands in a card: the outline, the reason there is none, or the room one will take. */

import { closedNote } from "./closed.js";
import { glyph, h } from "./dom.js";
import { qualityButton } from "./quality.js";
import { references } from "./references.js";
import { loadOnOpen } from "./sources.js";
import { drawEmptyStrip, drawStrip, typeName } from "./strip.js";
import { length, plural } from "./words.js";

const FIRST_SECTIONS = 3;
const WITHOUT_MATERIAL = {
  disabled: ["", "Written without your material: none is connected."],
  unavailable: ["warn", "Written without your material: it could not be reached."],
  weak_match: ["warn", "Your material matched only weakly, so it was not used."],
  no_match: ["", "Nothing in your material matched this brief."],
};

/** A finished outline. */
export function cardBody(card, variant, generation, view) {
  const { outline } = variant;
  const strip = h("div", { class: "strip" });
  drawStrip(strip, outline.sections, { starts: generation.brief.startTime, zone: generation.brief.timeZone, fill: view.arrived });
  return [
    h("h3", { class: "card-title" }, h("span", { dir: "auto" }, outline.title)),
    strip,
    h("p", { class: "card-summary", dir: "auto" }, outline.summary),
    ...sectionsOf(card, outline.sections, view),
    factsOf(card, variant, generation, view),
    footOf(card, variant, view),
  ];
}

function sectionsOf(card, sections, view) {
  const list = h("ol", { class: "card-sections" });
  const button = sections.length > FIRST_SECTIONS ? h("button", { type: "button", class: "link small", "data-act": "more" }) : null;
  const draw = () => {
    const open = card.element.dataset.open === "true";
    list.replaceChildren(...sections.slice(0, open ? undefined : FIRST_SECTIONS).map((section) => sectionItem(section, open, view.blind ? null : references(section.sourceIds, card.sources))));
    if (button) button.textContent = open ? "Show the first three" : `Show all ${sections.length} sections`;
    button?.setAttribute("aria-expanded", String(open));
  };
  button?.addEventListener("click", () => {
    card.element.dataset.open = String(card.element.dataset.open !== "true");
    draw();
  });
  draw();
  return [list, h("div", { class: "card-more" }, button)];
}

function sectionItem(section, open, chips) {
  return h("li", {},
    glyph(section.type),
    h("span", { class: "card-section-title", dir: "auto", title: open ? null : section.title }, h("span", { class: "visually-hidden" }, `${typeName(section.type)}: `), section.title),
    chips,
    h("span", { class: "card-minutes" }, `${section.minutes} min`),
    open && section.description && h("p", { class: "card-section-text", dir: "auto" }, section.description));
}

function factsOf(card, variant, generation, view) {
  const { outline } = variant;
  const minutes = outline.sections.reduce((sum, section) => sum + section.minutes, 0);
  return h("div", { class: "card-facts" },
    h("span", { class: "figures", "data-minutes": minutes }, length(minutes)),
    variant.quality && qualityButton(variant.quality),
    !view.blind && variant.ragSourcesUsed > 0 && usedSources(card, outline, variant),
    !view.blind && noteOf(variant, generation));
}

function usedSources(card, outline, variant) {
  const ids = new Set(outline.sections.flatMap((section) => section.sourceIds ?? []));
  const host = h("div", {});
  const details = h("details", { class: "disclosure" }, h("summary", { "data-act": "sources" }, plural(variant.ragSourcesUsed, "source")), host);
  loadOnOpen(details, host, () => card.sources.cited(ids));
  return details;
}

function noteOf(variant, generation) {
  const [tone, text] = noteText(variant, generation);
  return text && h("span", { class: `card-note ${tone}` }, text);
}

function noteText(variant, generation) {
  if (variant.ragWeight === 0 || variant.ragEffective || variant.number === 0) return ["", ""];
  return WITHOUT_MATERIAL[generation.metadata.ragState] ?? ["", "Your material was at hand; this version did without it."];
}

function footOf(card, variant, view) {
  if (card.question) return card.question;
  const compare = view.compareUrl && h("a", { class: "button plain", href: `${view.compareUrl}#version-${variant.position}`, "data-act": "compare" }, "Compare");
  if (view.chosenHere) {
    return h("footer", { class: "card-foot actions" }, h("span", { class: "tag now" }, "Your choice"), h("a", { class: "button", href: `/sessions/${view.made.id}/`, "data-act": "open" }, "Open the session"), compare);
  }
  return h("footer", { class: "card-foot actions" },
    isClosed(view) ? closedNote(view.made, "choose") : chooseButton(card, view),
    compare,
    view.rejected ? asideNote(card, view) : !view.made && h("button", { type: "button", class: "button plain", "data-act": "reject", onclick: () => card.acts.ask(card) }, "Not for me"));
}

const isClosed = ({ made }) => Boolean(made) && !made.acceptsChoice;

function chooseButton(card, view) {
  return h("button", { type: "button", class: view.rejected ? "button choose" : "button invite choose", "data-act": "choose", onclick: (event) => card.acts.choose(card, event.currentTarget) }, view.made ? "Choose this instead" : "Choose");
}

/** That it is set aside, and the way back for as long as there is one. */
function asideNote(card, view) {
  const undo = !view.made && h("button", { type: "button", class: "link", "data-act": "undo", "aria-label": `Undo setting ${view.name} aside`, onclick: (event) => card.acts.takeBack(card, event.currentTarget) }, "Undo");
  return h("div", { class: "small quiet" }, undo ? "Set aside. " : isClosed(view) ? "Set aside" : "Set aside; you can still choose it", undo);
}

/** Why there is no outline, and what to do about it. */
export function failedBody(card, variant, view) {
  const several = view.failures > 1;
  return [
    h("div", { class: "notice bad" },
      h("p", {}, variant.error?.message ?? "This version could not be written."),
      h("p", { class: "small" }, "Your brief and the other versions are safe."),
      !view.retryable && h("p", { class: "small" }, "You can retry it as soon as the others are done."),
      view.retryable && h("div", { class: "actions" },
        h("button", { type: "button", class: "button", "data-act": "retry", onclick: (event) => card.acts.retry(event.currentTarget) }, several ? `Retry the ${view.failures} missing` : "Retry this one"))),
  ];
}

/** The room an outline will take, line for line. */
export function ghostBody(waiting) {
  const strip = h("div", { class: "strip" });
  drawEmptyStrip(strip);
  const row = (width) => h("li", {}, h("span", { class: "glyph ghost" }), h("span", { class: `ghost ${width}` }), h("span"));
  return [
    h("p", { class: "card-title", "aria-hidden": "true" }, h("span", { class: "ghost w70" })),
    strip,
    h("div", { class: "card-summary", "aria-hidden": "true" }, h("span", { class: "ghost" }), h("span", { class: "ghost w90" }), h("span", { class: "ghost w50" })),
    h("ul", { class: "card-sections", "aria-hidden": "true" }, row("w70"), row("w90"), row("w50")),
    h("div", { class: "card-more" }),
    h("div", { class: "card-facts" }),
    h("p", { class: "card-foot card-status" }, `${waiting} …`),
  ];
}
