/** How the source tray of a brief looks: one line that says how it stands, and the sources with a tick each. */

import { ApiError } from "./api.js";
import { find, h, setText } from "./dom.js";
import { factsOf, keyOf, partsOf } from "./sources.js";
import { plural } from "./words.js";

const WEAK = new Set(["weak", "below_threshold"]);
const MORE = new Set(["below_threshold", "duplicate", "document_limit", "avoided"]);
const LINES = {
  waiting: "Write the outcome and choose a category; then we look for what your material has on it.",
  looking: "Looking for your material …",
  ok: "What is ticked is offered to the outlines. Untick what does not fit.",
  category_relaxed: "Your category had nothing that fits, so these come from the others. What is ticked is offered to the outlines.",
  weak_match: "These match only weakly, so none is used. Tick one if it fits all the same; a source that is off the topic pulls the outlines with it.",
  no_match: "Nothing in your material matches yet. Other words or more topics may find it, or write what you know into your notes.",
  unavailable: "Your material cannot be reached at the moment. You can write outlines all the same; they say so if they do without it.",
  disabled: "No material is connected here. Write what the outlines should know into your notes.",
};
const SHORT = {
  waiting: "", looking: "Looking for your material …", no_match: "No matching material", unavailable: "Material not reachable",
  disabled: "No material connected", weak_match: "Only weak matches ▸", failed: "Material not reachable",
};

export function drawPreview(preview) {
  const { host } = preview;
  const name = nameOf(preview);
  host.dataset.state = name;
  host.toggleAttribute("data-stale", preview.stale);
  if (preview.usesMaterial) setText(find("[data-preview-line]", host), preview.stale && preview.state !== "looking" ? "Your brief has changed; looking again in a moment." : lineOf(preview, name));
  find("[data-preview-again]", host).hidden = !["unavailable", "failed", "no_match"].includes(name) || preview.stale;
  drawList(preview);
}

/** The line beside the brief. */
export function shortWords(preview) {
  const name = nameOf(preview);
  return SHORT[name] ?? `${countOf(preview)} ▸`;
}

/** What a screen reader hears when a search has ended. */
export function spoken(preview) {
  const name = nameOf(preview);
  return SHORT[name]?.replace(" ▸", "") ?? `${countOf(preview)}.`;
}

const nameOf = ({ state, found }) => (state === "found" ? found.ragState : state);
const countOf = (preview) => `${plural(main(preview).length, "source")} found`;
const main = (preview) => preview.sources.filter((source) => source.kept || source.reason === "weak");
const more = (preview) => preview.sources.filter((source) => !source.kept && MORE.has(source.reason));

function lineOf(preview, name) {
  if (name !== "failed") return LINES[name];
  return preview.error instanceof ApiError ? `${preview.error.message} Your ticks are kept.` : "The server cannot be reached, so your material was not looked at. Your ticks are kept.";
}

function drawList(preview) {
  const details = find("details", preview.host);
  const [shown, others] = [main(preview), more(preview)];
  details.hidden = !shown.length && !others.length;
  setText(find("summary", details), summaryOf(preview, shown));
  const drawn = JSON.stringify([preview.found && preview.answers, Boolean(preview.notes)]);
  if (details.dataset.drawn !== drawn) {
    details.dataset.drawn = drawn;
    find("[data-preview-list]", details).replaceChildren(...listOf(preview, shown, others));
  }
  for (const box of preview.host.querySelectorAll("[data-key]")) box.checked = preview.isTicked(preview.sources.find((source) => keyOf(source) === box.dataset.key));
}

function summaryOf(preview, shown) {
  const used = preview.chosen.length;
  const found = shown.length ? `${plural(shown.length, shown.some((source) => source.kept) ? "source" : "weak match", shown.some((source) => source.kept) ? "sources" : "weak matches")} found` : "See what was left out";
  const how = used === shown.length && used > 0 && !preview.touched ? (used === 1 ? "offered" : "all offered") : used ? `${used} offered` : "none offered";
  return shown.length || used ? `${found} · ${how}` : found;
}

function listOf(preview, shown, others) {
  const parts = partsOf([...shown, ...others]);
  return [
    preview.notes && h("p", { class: "small quiet" }, "Your own notes are used as well, as they are."),
    shown.length > 0 && h("ul", { class: "sources" }, shown.map((source, place) => row(source, `found-${place}`, parts))),
    others.length > 0 && h("details", { class: "disclosure" },
      h("summary", {}, `${others.length} more left out`),
      h("ul", { class: "sources" }, others.map((source, place) => row(source, `left-out-${place}`, parts)))),
  ].filter(Boolean);
}

function row(source, id, parts) {
  return h("li", { class: WEAK.has(source.reason) ? "source weak" : "source" },
    h("label", { class: "check" },
      h("input", { type: "checkbox", "data-key": keyOf(source), disabled: source.reason === "avoided", "aria-describedby": `${id}-facts ${id}-text` }),
      h("span", { class: "source-title", dir: "auto" }, source.title || "Untitled")),
    h("p", { class: "source-facts figures", id: `${id}-facts` }, factsOf(source, parts.get(keyOf(source)))),
    h("p", { class: "source-excerpt", dir: "auto", id: `${id}-text` }, source.excerpt));
}
