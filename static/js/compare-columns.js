/** A column per outline; what does the same job stands in the same row. */

import { letterOf, nameOf } from "./blind.js";
import { closedNote } from "./closed.js";
import { standOuts } from "./compare-rows.js";
import { glyph, h, s } from "./dom.js";
import { PARTS } from "./quality-parts.js";
import { partBars, scoreInWords } from "./quality.js";
import { references } from "./references.js";
import { clockFrom, typeName } from "./strip.js";
import { length, percent, plural, whatItIs } from "./words.js";

const CLEARLY_BETTER_SHARE = 0.1;

/** Draws everything below the strips. `shown` are `{variant, outline}`, `rows` what compare-rows made of them. */
export function drawColumns(host, shown, rows, view) {
  const focused = host.contains(document.activeElement) ? document.activeElement.dataset.act : null;
  const at = clockFrom(view.generation.brief.startTime, view.generation.brief.timeZone);
  host.style.setProperty("--columns", shown.length);
  host.style.setProperty("--rows", rows.length + 2);
  const better = betterParts(shown);
  host.replaceChildren(rowHeads(rows), ...shown.map((each, column) => h("article", { class: "column", id: `version-${each.variant.position}`, tabindex: "-1", "data-card": each.variant.number, "data-chosen": each.chosen, "aria-labelledby": `version-${each.variant.position}-name` },
    headCell(each, view),
    qualityCell(each, better[column]),
    ...rows.map((row) => rowCell(row, row.cells[column], each, view, at)))));
  if (focused) host.querySelector(`[data-act="${focused}"]:not(:disabled)`)?.focus({ preventScroll: true });
}

function rowHeads(rows) {
  return h("div", { class: "row-heads", "aria-hidden": "true" }, h("p"), h("p", {}, "Quality"), rows.map((row) => h("p", {}, row.title)));
}

function headCell(each, view) {
  const { variant, outline } = each;
  return h("header", { class: "cell column-head" },
    h("h2", { class: "column-name", id: `version-${variant.position}-name` }, h("span", { class: "letter" }, letterOf(variant)), " ", nameOf(variant, view.blind)),
    origin(each, view),
    h("p", { class: "column-title", dir: "auto" }, outline.title),
    h("p", { class: "column-summary", dir: "auto" }, outline.summary),
    facts(each, view),
    actions(each, view));
}

function origin({ variant }, view) {
  if (view.blind && view.generation.writer !== "offline") return null;
  return h("p", { class: variant.generationSource === "rag" ? "card-what material" : "card-what" }, whatItIs(variant, view.generation.writer));
}

function facts({ variant, outline, chosen }, view) {
  const minutes = outline.sections.reduce((sum, section) => sum + section.minutes, 0);
  const target = view.generation.brief.durationMinutes;
  const carried = variant.realisedReliance;
  return h("p", { class: "column-facts figures" }, [
    minutes === target ? length(minutes) : `${minutes} of ${target} min`,
    plural(outline.sections.length, "section"),
    !view.blind && variant.ragWeight > 0 && typeof carried === "number" && `${percent(carried)} of the content minutes cite your material; weight ${percent(variant.ragWeight)}`,
    chosen && view.session?.version > 1 && "as it stands in your session",
  ].filter(Boolean).join(" · "));
}

function actions({ variant, chosen }, view) {
  if (chosen) return h("div", { class: "actions" }, h("span", { class: "tag now" }, "Your choice"), h("a", { class: "button", href: `/sessions/${view.made.id}/`, "data-act": `open-${variant.number}` }, "Open the session"));
  if (view.closed) return closedNote(view.closed, `choose-${variant.number}`);
  return h("div", { class: "actions" }, h("button", { type: "button", class: "button invite", "data-act": `choose-${variant.number}`, "aria-describedby": `version-${variant.position}-name`, onclick: (event) => view.acts.choose(variant, event.currentTarget) }, view.made ? "Choose this instead" : "Choose"));
}

function qualityCell({ variant, chosen }, better) {
  const { quality } = variant;
  return h("section", { class: "cell" },
    h("h3", { class: "cell-head" }, "Quality"),
    quality ? h("p", { class: "cell-sum" }, scoreInWords(quality), chosen && h("span", { class: "small quiet" }, " as it was written")) : h("p", { class: "small quiet" }, "Not scored"),
    quality && partBars(quality, better));
}

/** For each column the parts in which it is clearly better than the others. */
function betterParts(shown) {
  const sets = shown.map(() => new Set());
  for (const [name, [, most]] of Object.entries(PARTS)) {
    standOuts(shown.map(({ variant }) => variant.quality?.parts?.[name] ?? 0), most * CLEARLY_BETTER_SHARE).forEach((better, column) => better && sets[column].add(name));
  }
  return sets;
}

function rowCell(row, cell, each, view, at) {
  const empty = !cell.sections.length;
  return h("section", { class: "cell", "data-row": row.id },
    h("h3", { class: "cell-head" }, row.title),
    h("p", { class: cell.standsOut ? "cell-sum stands-out" : "cell-sum" }, empty ? h("span", { class: "quiet" }, "None") : `${cell.minutes} min`, !empty && weightBar(cell.minutes / view.longest)),
    !empty && h("ol", { class: "compared-list" }, cell.sections.map((placed) => compared(placed, each, view, at))));
}

function weightBar(share) {
  return s("svg", { class: "part-bar", "aria-hidden": "true" }, s("rect", { class: "part-fill", width: `${(share * 100).toFixed(1)}%`, height: "100%", rx: 2 }));
}

function compared({ section, at: minute, place }, each, view, at) {
  const { variant } = each;
  return h("li", { class: "compared" },
    glyph(section.type),
    h("p", { class: "compared-title", dir: "auto" }, h("span", { class: "visually-hidden" }, `${typeName(section.type)}: `), section.title),
    h("p", { class: "compared-facts figures" }, `${at(minute)} · ${section.minutes} min`, section.mode && ` · ${section.mode.replaceAll("_", " ")}`),
    section.description && h("p", { class: "compared-text", dir: "auto" }, section.description),
    !view.blind && references(section.sourceIds, each.sources),
    view.session && !each.chosen && !view.closed && h("button", { type: "button", class: "link small take", "data-act": `take-${variant.number}-${place}`, onclick: (event) => view.acts.take(variant, place, event.currentTarget) }, "Take this section", h("span", { class: "visually-hidden" }, `: ${section.title}`)));
}
