/** What a session still needs before it can be published; each open point leads to where it is put right. */

import { find, h, setText } from "../dom.js";
import { length, plural } from "../words.js";
import { totalMinutes } from "./plan.js";

const CONTENT = (section) => !["opener", "closing", "break"].includes(section.type);
const LABELS = {
  title: "Title", brief: "Brief", audience: "Audience", outline: "Opener first, closing last", duration: "Minutes add up", sections: "Sections complete",
  objectives: "Objectives", practice: "Practice", choice: "Outline chosen", schedule: "Date", facilitator: "Notes for the facilitator",
};

export class Readiness {
  constructor(desk, goTo) {
    Object.assign(this, { desk, goTo });
  }

  draw(readiness) {
    if (!readiness) return;
    const open = readiness.checks.filter((check) => !check.passed || check.points < check.max);
    setText(find("[data-ready-score]"), `${readiness.score} of 100`);
    find("[data-checks]").replaceChildren(...open.map((check) => this.#item(check)));
    find("[data-checks]").hidden = !open.length;
    setText(find("[data-checks-done]"), doneWords(readiness, open));
    this.#drawBar(readiness, open);
  }

  #item(check) {
    return h("li", { class: check.blocking && !check.passed ? "check-item blocking" : "check-item" },
      h("a", { href: `#${check.field}`, "data-check": check.id, onclick: (event) => this.#go(event, check) }, labelOf(check)),
      h("span", {}, check.message || "Nearly there."),
      h("span", { class: "small quiet" }, check.blocking && !check.passed ? "needed to publish" : `+${check.max - check.points}`));
  }

  #go(event, check) {
    event.preventDefault();
    this.goTo(placeOf(check, this.desk.plan));
  }

  #drawBar(readiness, open) {
    const blocking = open.filter((check) => check.blocking && !check.passed).length;
    const words = readiness.ready ? `Ready to publish${offWords(this.desk.plan)}` : blocking ? `${plural(blocking, "point")} to put right before publishing` : `${readiness.score} of 100; 80 are needed to publish`;
    const bar = find("[data-bar-words]");
    setText(bar, words);
    bar.dataset.ready = readiness.ready;
  }
}

/** Minutes within the tolerance pass, and yet they do not add up. */
function labelOf({ id, passed }) {
  return id === "duration" && passed ? "Minutes nearly add up" : LABELS[id] ?? id;
}

function offWords(plan) {
  const off = totalMinutes(plan) - plan.durationMinutes;
  return off === 0 ? "" : ` · ${length(Math.abs(off))} ${off > 0 ? "over" : "short of"} the ${plan.durationMinutes}`;
}

function doneWords(readiness, open) {
  const passed = readiness.checks.length - open.length;
  return open.length ? `${passed} of ${readiness.checks.length} points are done.` : "All points are done.";
}

/** Where a check is put right: `{field}` of the session, or `{section, name}`. */
export function placeOf(check, plan) {
  const { sections } = plan.outline;
  const first = (fits, name) => ({ section: (sections.find(fits) ?? sections[0])?.id, name });
  switch (check.id) {
    case "title": return { field: "title" };
    case "schedule": return { field: "date" };
    case "brief": case "audience": return { brief: true };
    case "duration": return !sections.length ? { add: true } : totalMinutes(plan) === plan.durationMinutes ? { field: "durationMinutes" } : { fit: true };
    case "sections": return incomplete(sections);
    case "objectives": return first((section) => CONTENT(section) && !section.objectives.length, "objectives");
    case "facilitator": return first((section) => CONTENT(section) && !section.facilitatorNote.trim(), "facilitatorNote");
    default: return { add: true };
  }
}

function incomplete(sections) {
  const section = sections.find((one) => !one.title.trim() || (!one.description.trim() && one.type !== "break")) ?? sections[0];
  return { section: section?.id, name: section?.title.trim() ? "description" : "title" };
}

