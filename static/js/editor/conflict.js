/** Two windows changed the same: yours and theirs side by side, and the author decides, for each part or for all. */

import { find, h, setText } from "../dom.js";
import { ownLines } from "./lines.js";
import { marked } from "./marks.js";
import { merged } from "./merge.js";

export const FIELD_NAMES = { title: "Title", startsAt: "Start", timeZone: "Time zone", category: "Category", sessionType: "Kind of session", durationMinutes: "Length", summary: "Summary", difficulty: "Difficulty", desiredOutcome: "Desired outcome", audienceName: "Audience", groupSize: "People", order: "Order of the sections" };
const WHO = { mine: "only changed here", theirs: "only changed in the other window", both: "changed in both" };

/** Asks, and resolves to the plan to go on with, or null to decide later; `trouble` is what went wrong the last time, if anything. */
export function askConflict(units, { base, mine, theirs }, trouble) {
  const dialog = find("#conflict");
  const list = find("[data-units]", dialog);
  list.replaceChildren(...units.map(unitItem));
  setText(find("[data-conflict-trouble]", dialog), trouble);
  return new Promise((resolve) => {
    dialog.onclose = () => {
      list.replaceChildren();
      resolve(null);
    };
    const done = (pick) => {
      const plan = merged(base, mine, theirs, pick);
      dialog.onclose = null;
      dialog.close();
      list.replaceChildren();
      resolve(plan);
    };
    const picked = (unit) => find(`input[name="unit-${unit.key}"]:checked`, list)?.value ?? "mine";
    find("[data-all-mine]", dialog).onclick = () => done(() => "mine");
    find("[data-all-theirs]", dialog).onclick = () => done(() => "theirs");
    find("[data-these]", dialog).onclick = () => done(picked);
    dialog.showModal();
    find("h2", dialog).focus();
  });
}

function unitItem(unit) {
  const name = nameOf(unit);
  const side = unit.by === "theirs" ? "theirs" : "mine";
  const option = (value, words, other) => h("label", { class: "choice" },
    h("input", { type: "radio", name: `unit-${unit.key}`, value, checked: value === side }),
    h("span", { class: "choice-words" }, h("strong", {}, words), contentOf(unit, unit[value], unit[other])));
  return h("li", {}, h("fieldset", { class: "unit" },
    h("legend", {}, h("span", { dir: "auto" }, name), " ", h("span", { class: unit.by === "both" ? "tag warn" : "tag" }, WHO[unit.by])),
    h("div", { class: "choices" }, option("mine", "Yours", "theirs"), option("theirs", "Theirs", "mine"))));
}

function nameOf(unit) {
  if (unit.kind !== "section") return FIELD_NAMES[unit.key];
  return (unit.mine ?? unit.theirs ?? unit.base).title || "Untitled section";
}

function contentOf(unit, value, other) {
  if (unit.kind === "order") return h("ol", { class: "small plain-list" }, value.outline.sections.map((section) => h("li", { dir: "auto" }, section.title)));
  if (unit.kind !== "section") return h("span", { dir: "auto" }, marked(String(other ?? ""), String(value ?? "none"), "fresh"));
  if (!value) return h("em", {}, "deleted");
  return h("span", { class: "choice-section" }, ownLines(value, other));
}
