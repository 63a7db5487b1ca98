/** The coach beside the brief: what would help most now, asked from the server once the author pauses. */

import { post } from "./api.js";
import { h, setText } from "./dom.js";
import { plural } from "./words.js";

const PAUSE_MS = 900;
const AT_MOST = 3;
const SHORTEST_OUTCOME = 20;
const CONTROLS = { specificTopics: "specificTopics-input", avoidTopics: "avoidTopics-input" };
const BEGIN = { field: "desiredOutcome", message: "Begin with the outcome: what will people do differently?", example: "New managers hold a coaching talk every month" };

/** What is good already, by field; said only where the coach has nothing to ask of that field. */
const GOOD = {
  desiredOutcome: (brief) => brief.desiredOutcome?.length >= SHORTEST_OUTCOME && "The outcome is clear.",
  specificTopics: (brief) => brief.specificTopics?.length > 1 && `${plural(brief.specificTopics.length, "topic")} to build on.`,
  currentProblem: (brief) => brief.currentProblem && "The problem gives the practice its situation.",
  audienceName: (brief) => (brief.audienceName || brief.audienceId) && "The examples can fit these people.",
};

export class Coach {
  #timer = null;
  #asked = "";

  constructor(list, figure) {
    Object.assign(this, { list, figure });
  }

  /** Look at the brief once nothing has changed for a moment; what is said until then stays as it is. */
  update(brief) {
    clearTimeout(this.#timer);
    if (!brief.desiredOutcome) {
      this.#asked = "";
      this.#draw({ hints: [BEGIN] }, brief);
    } else {
      this.#timer = setTimeout(() => void this.#ask(brief), PAUSE_MS);
    }
  }

  async #ask(brief) {
    const body = sayable(brief);
    const question = JSON.stringify(body);
    if (question === this.#asked) return;
    this.#asked = question;
    try {
      const answer = await post("/api/briefs/coach", body);
      if (this.#asked === question) this.#draw(answer.body, brief);
    } catch {
      this.#asked = ""; // advice can wait; the next change asks again
    }
  }

  #draw({ hints, score }, brief) {
    const open = hints.slice(0, AT_MOST);
    const lacking = new Set(open.map((hint) => hint.field));
    const good = open.length < AT_MOST ? Object.entries(GOOD).map(([field, words]) => !lacking.has(field) && words(brief)).filter(Boolean) : [];
    this.list.replaceChildren(...open.map(openHint), ...good.slice(0, AT_MOST - open.length).map(goodHint));
    setText(this.figure, score === undefined ? "" : `${score} % of what the outlines need is said.`);
  }
}

function openHint({ field, message, example }) {
  const control = document.getElementById(CONTROLS[field] ?? field);
  return h("li", { class: "hint-item" },
    h("p", {}, control?.checkVisibility?.() ? h("a", { href: `#${control.id}` }, message) : message),
    example && h("p", { class: "example", dir: "auto" }, `e.g. ${example}`));
}

function goodHint(message) {
  return h("li", { class: "hint-item done" }, h("p", {}, h("span", { class: "visually-hidden" }, "Done: "), message));
}

/** The brief without answers that are begun but not yet sayable, such as an emptied number. */
function sayable(brief) {
  const { startTime, endTime, ...rest } = brief;
  const times = startTime && endTime ? { startTime, endTime } : {};
  return Object.fromEntries(Object.entries({ ...rest, ...times }).filter(([, value]) => value !== null && value !== "" && !Number.isNaN(value)));
}
