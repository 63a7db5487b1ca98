/** What has changed between two versions, in words: fields, sections, minutes; each with both sides. */

import { h } from "../dom.js";
import { plural } from "../words.js";
import { FIELD_NAMES } from "./conflict.js";
import { LINES } from "./lines.js";
import { marked } from "./marks.js";

export function showDiff(host, diff, title) {
  const { sections, fields, minutes } = diff;
  const items = [
    ...fields.map((one) => item(FIELD_NAMES[one.field] ?? one.field, "changed", h("p", { dir: "auto" }, marked(textOf(one.before), textOf(one.after))))),
    ...sections.added.map(({ section }) => item(section.title, "added", h("p", { class: "small quiet" }, `${section.minutes} min`))),
    ...sections.removed.map(({ section }) => item(section.title, "deleted", h("p", { class: "small quiet" }, `${section.minutes} min`))),
    ...sections.moved.map((one) => item(one.title, "moved", h("p", { class: "small quiet" }, `from place ${one.before + 1} to ${one.after + 1}`))),
    ...sections.changed.map((one) => item(one.title, "changed", h("dl", { class: "diff-lines" }, one.fields.flatMap(fieldLines)))),
  ];
  const heading = h("h3", { id: "diff-title", tabindex: "-1" }, title);
  const sum = minutes.before === minutes.after ? `${minutes.after} min before and now` : `${minutes.before} min before, ${minutes.after} now`;
  host.replaceChildren(heading, h("p", { class: "small quiet" }, items.length ? `${plural(items.length, "difference")} · ${sum}` : "Nothing is different."), h("ul", { class: "diff-list" }, items));
  host.hidden = false;
  heading.focus();
  heading.scrollIntoView({ block: "start" });
}

function item(title, what, content) {
  return h("li", { class: "diff-item" }, h("p", {}, h("strong", { dir: "auto" }, title), " ", h("span", { class: "tag" }, what)), content);
}

function fieldLines({ field, before, after }) {
  const line = LINES.find((one) => one.field === field);
  if (!line) return field === "locked" ? [h("dt", {}, "Lock"), h("dd", {}, after ? "minutes kept" : "minutes free")] : [];
  const both = [before, after].map((value) => line.text({ [field]: value }));
  return [h("dt", {}, line.words), h("dd", { dir: "auto" }, marked(...both))];
}

function textOf(value) {
  if (value === null || value === undefined) return "";
  return Array.isArray(value) ? value.join(", ") : String(value);
}
