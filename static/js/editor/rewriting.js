/** A new version of one section on request: written on the server, shown beside the old one, kept or replaced by the author. */

import { ApiError, get, post } from "../api.js";
import { find, h } from "../dom.js";
import { tabStore } from "../store.js";
import { troubleWords } from "../trouble.js";
import { LINES } from "./lines.js";
import { marked } from "./marks.js";
import { sectionOf } from "./plan.js";
import { compareTexts } from "./text-diff.js";

const LOOK_AGAIN_MS = 700;
const LOST_MS = 3000;
const QUICK_LOOKS = 60;
const SLOW_MS = 10_000;
const BESIDE = "You see the new version beside yours before anything changes.";
const WITH_MODEL = { cue: "Have this section rewritten", ask: "Regenerate", busy: "Writing a new version …", title: "A new version of this section" };
const WITHOUT_MODEL = { cue: "Have another activity proposed", ask: "Propose an activity", busy: "Looking for another activity …", title: "Another activity for this section" };

export class Rewriting {
  #looking = new Map();
  #known = new Map();
  #element = null;

  /** `act` writes on the server as a step that can be taken back. */
  constructor(desk, saver, act) {
    Object.assign(this, { desk, saver, act, hasModel: find("[data-editor]").dataset.writer === "model" });
    this.words = this.hasModel ? WITH_MODEL : WITHOUT_MODEL;
    this.#load().then(() => this.#takeUp());
  }

  /** The place for rewriting in the form of a section. */
  place(id) {
    const element = h("section", { class: "rewriting", "aria-label": "Rewrite this section", "data-rewriting": id });
    this.#element = element;
    const waiting = this.#known.get(id) ?? tabStore.get(this.#key(id));
    if (waiting) this.#watch(element, id, waiting);
    else this.#ask(element, id);
    return element;
  }

  /** Know what the server is writing or has written, also where another window asked for it or the answer was lost. */
  async #load() {
    const answer = await get(`${this.saver.path}/proposals`).catch(() => null); // asking for one again looks again
    if (answer) this.#known = new Map(answer.body.results.toReversed().map((proposal) => [proposal.sectionId, proposal.id]));
  }

  /** Go on with the one of the section that is shown, unless its author is asking for another. */
  #takeUp() {
    const shown = this.#element;
    const id = shown?.dataset.rewriting;
    const button = shown?.querySelector("[data-act=regenerate]");
    if (!shown?.isConnected || !this.#known.has(id) || !button || shown.querySelector("textarea")?.value) return;
    shown.replaceChildren();
    this.#watch(shown, id, this.#known.get(id));
  }

  #ask(element, id, words = "", trouble = "") {
    const input = h("textarea", { class: "input", id: "instruction", rows: 2, maxlength: 500, dir: "auto", "aria-describedby": "instruction-hint" }, words);
    const button = h("button", { type: "button", class: "button", "data-act": "regenerate", onclick: () => this.#start(element, id, input.value.trim()) }, this.words.ask);
    element.replaceChildren(
      h("details", { class: "disclosure", open: Boolean(words || trouble) }, h("summary", {}, this.words.cue),
        this.hasModel ? wishField(input) : h("p", { class: "hint" }, `No AI is connected here, so the section cannot be rewritten to a wish. An activity from the library can take its place, fitted to its minutes. ${BESIDE}`),
        trouble ? h("p", { class: "error", role: "alert" }, trouble) : "",
        trouble && this.hasModel ? libraryOffer() : "",
        h("div", { class: "actions" }, button)));
  }

  async #start(element, id, instruction) {
    element.replaceChildren(h("p", { class: "stage-line", role: "status", tabindex: "-1" }, this.words.busy));
    element.firstElementChild.focus();
    try {
      if (!(await this.saver.flush())) throw new Error(this.saver.unsavedWords);
      const answer = await post(`${this.saver.path}/sections/${id}/regenerate`, instruction ? { instruction } : {});
      this.#known.set(id, answer.body.proposalId);
      tabStore.set(this.#key(id), answer.body.proposalId);
      await this.#watch(element, id, answer.body.proposalId);
    } catch (error) {
      await this.#load();
      if (this.#known.has(id)) await this.#watch(element, id, this.#known.get(id)); // it is written, only the answer was lost
      else this.#ask(element, id, instruction, troubleWords(error));
    }
  }

  /** Look until the proposal is there; a reload of the page goes on looking. */
  async #watch(element, id, proposalId) {
    if (!element.childElementCount) element.replaceChildren(h("p", { class: "stage-line", role: "status" }, this.words.busy));
    this.#looking.set(id, proposalId);
    for (let look = 0; this.#looking.get(id) === proposalId; look++) {
      const proposal = await this.#look(proposalId);
      if (!element.isConnected) return null; // another section is selected; coming back looks again
      if (proposal?.state === "ready") return this.#show(element, id, proposal);
      if (proposal && !WAITING.has(proposal.state)) return this.#over(element, id, proposal);
      await pause(untilLook(look, Boolean(proposal)));
    }
    return null;
  }

  async #look(proposalId) {
    try {
      return (await get(`${this.saver.path}/proposals/${proposalId}`)).body;
    } catch (error) {
      if (error instanceof ApiError && !error.temporary) return { state: "failed", error: { message: error.message } };
      return null;
    }
  }

  /** Nothing to show: it failed, or it was taken or left in another window. */
  #over(element, id, proposal) {
    this.#forget(id);
    if (proposal.state !== "failed") this.#ask(element, id);
    else this.#ask(element, id, proposal.instruction ?? "", proposal.error?.message ?? "It could not be written. Your section is unchanged.");
  }

  #show(element, id, proposal) {
    const now = sectionOf(this.desk.plan, id);
    if (!now) return;
    const fresh = { ...proposal.section, minutes: now.minutes, locked: now.locked }; // the minutes stay whatever is written
    const titles = new Map([...this.desk.session.sources, ...(proposal.sources ?? [])].map((source) => [source.id, source.title]));
    const rows = LINES.map(({ words, text }) => ({ words, here: text(now, titles), there: text(fresh, titles) }));
    const changed = rows.filter(({ here, there }) => here !== there);
    const kept = rows.filter(({ here, there }) => here && here === there).map(({ words }) => words.toLowerCase());
    const heading = h("h3", { tabindex: "-1" }, this.words.title);
    element.replaceChildren(...[heading,
      h("p", { class: "small quiet" }, [proposal.label, ...(proposal.notes ?? [])].filter(Boolean).join(" · ")),
      h("p", { class: "small" }, changed.length ? `The same in both: ${kept.join(", ")}.` : "It came out the same as yours."),
      changed.length > 0 && h("div", { class: "panes" },
        pane("Yours", "yours", changed.map(({ words, here, there }) => [words, here, there, "gone"])),
        pane("New", "fresh", changed.map(({ words, here, there }) => [words, there, here, "fresh"]))),
      h("div", { class: "actions" },
        h("button", { type: "button", class: "button", "data-act": "keep-mine", onclick: () => this.#reject(element, id, proposal) }, "Keep yours"),
        h("button", { type: "button", class: "button invite", "data-act": "replace", onclick: (event) => this.#accept(element, id, proposal, event.currentTarget) }, "Replace with the new one")),
    ].filter(Boolean));
    if (element.contains(document.activeElement) || document.activeElement === document.body) heading.focus();
  }

  async #accept(element, id, proposal, button) {
    button.disabled = true;
    try {
      await this.act("POST", `/proposals/${proposal.id}/accept`, {}, "Replacing the section");
      this.#end(element, id);
    } catch (error) {
      button.disabled = false;
      element.append(h("p", { class: "error", role: "alert" }, troubleWords(error)));
    }
  }

  async #reject(element, id, proposal) {
    this.#end(element, id);
    await post(`${this.saver.path}/proposals/${proposal.id}/reject`).catch(() => {}); // it expires by itself
  }

  #end(element, id) {
    this.#forget(id);
    this.#ask(element, id);
    element.querySelector("summary").focus();
  }

  #forget(id) {
    this.#looking.delete(id);
    this.#known.delete(id);
    tabStore.remove(this.#key(id));
  }

  /** Copies of a session have sections of the same ids. */
  #key(id) {
    return `proposal-${this.desk.session.id}-${id}`;
  }
}

/** Milliseconds until the next look: soon at first, then every few seconds for as long as it takes. */
export function untilLook(look, isAnswered) {
  if (look >= QUICK_LOOKS) return SLOW_MS;
  return isAnswered ? LOOK_AGAIN_MS : LOST_MS;
}

const WAITING = new Set(["queued", "writing"]);
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** The way on that needs no AI. */
function libraryOffer() {
  return h("p", { class: "small" }, "Without AI, you can ", h("button", { type: "button", class: "link", onclick: () => find("[data-swap]").click() }, "choose another activity from the library"), ".");
}

function wishField(input) {
  return h("div", { class: "field" }, h("label", { for: "instruction" }, "What should be different? ", h("span", { class: "optional" }, "optional")),
    h("p", { class: "hint", id: "instruction-hint" }, BESIDE), input);
}

function pane(title, kind, rows) {
  return h("section", { class: `pane ${kind}`, "aria-label": title === "Yours" ? "Your version" : "New version" }, h("h4", {}, title),
    h("dl", {}, rows.flatMap(([words, text, other, show]) => [
      h("dt", {}, words),
      h("dd", { dir: "auto" }, text ? (show === "gone" ? ownWords(text, other, show) : ownWords(other, text, show)) : h("em", {}, "none"))])));
}

/** The text of one side with its own words marked; plain where nothing of it is shared. */
function ownWords(before, after, show) {
  const pieces = compareTexts(before, after);
  return pieces.some((piece) => piece.kind === "same") ? marked(before, after, show) : show === "gone" ? before : after;
}
