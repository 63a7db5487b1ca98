/** A section as lines of text, to compare two of them. */

import { h } from "../dom.js";
import { typeName } from "../strip.js";
import { marked } from "./marks.js";

const line = (field, words, text = (section) => section[field]) => ({ field, words, text });

export const LINES = [
  line("title", "Title"),
  line("type", "Kind", (section) => typeName(section.type)),
  line("minutes", "Minutes", (section) => `${section.minutes}${section.locked ? ", kept" : ""}`),
  line("description", "Description"),
  line("objectives", "People can then", (section) => section.objectives.join("\n")),
  line("activity", "Activity"),
  line("mode", "Grouping", (section) => section.mode.replaceAll("_", " ")),
  line("steps", "Steps", (section) => section.steps.map((step) => (step.minutes ? `${step.text} (${step.minutes} min)` : step.text)).join("\n")),
  line("materials", "Materials", (section) => section.materials.join("\n")),
  line("prompts", "Questions", (section) => section.prompts.join("\n")),
  line("facilitatorNote", "Note"),
  line("sourceIds", "Sources", (section, titles = new Map()) => section.sourceIds.map((id) => titles.get(id) ?? id).join(", ")),
];

/** The lines in which a section differs from another, this one's own words marked. */
export function ownLines(section, other) {
  return LINES.map(({ words, text }) => ({ words, here: text(section), there: other ? text(other) : "" }))
    .filter(({ here, there }) => here !== there)
    .map(({ words, here, there }) => h("span", { class: "line" }, h("span", { class: "quiet small" }, `${words}:`), " ", h("span", { dir: "auto" }, here ? marked(there, here, "fresh") : h("em", {}, "none"))));
}
