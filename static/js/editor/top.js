/** The top of the editor: the strip, how the minutes add up, and whether everything is saved. */

import { find, h, setText } from "../dom.js";
import { drawStrip } from "../strip.js";
import { clock, length, whatSessionIs } from "../words.js";
import { totalMinutes } from "./plan.js";

export class Top {
  #strip = "";

  constructor(desk) {
    this.desk = desk;
    this.fit = find("[data-fit]");
    this.fit.addEventListener("click", () => desk.fit(this.fit));
    find("[data-undo]").addEventListener("click", () => desk.undo());
    find("[data-redo]").addEventListener("click", () => desk.redo());
  }

  draw() {
    const { plan, history, session } = this.desk;
    const cited = new Set(plan.outline.sections.flatMap((section) => section.sourceIds ?? []));
    setText(find("[data-what]"), whatSessionIs(session, session.sources.filter(({ id }) => cited.has(id)).length));
    this.#drawStrip(plan);
    this.#drawSum(totalMinutes(plan), plan.durationMinutes);
    find("[data-undo]").disabled = !history.canUndo;
    find("[data-redo]").disabled = !history.canRedo;
  }

  #drawStrip(plan) {
    const sections = plan.outline.sections.map(({ type, title, minutes }) => ({ type, title, minutes }));
    const signature = JSON.stringify([sections, plan.startsAt, plan.timeZone]);
    if (signature === this.#strip) return;
    this.#strip = signature;
    const host = h("div", { class: "strip" });
    find("[data-strip-here]").replaceChildren(host);
    drawStrip(host, sections, { starts: plan.startsAt ?? "", zone: plan.timeZone });
  }

  #drawSum(sum, target) {
    const off = sum - target;
    const canFit = off !== 0 && this.desk.plan.outline.sections.length > 0;
    setText(find("[data-sum]"), `${sum} of ${target} min`);
    setText(find("[data-off]"), off === 0 ? "exactly" : off > 0 ? `${length(off)} over` : `${length(-off)} to fill`);
    find("[data-timing]").classList.toggle("amber", off !== 0);
    setText(this.fit, `Fit to ${target}`);
    if (!canFit && document.activeElement === this.fit) find("[data-timing]").focus();
    this.fit.hidden = !canFit;
  }
}

const WORDS = {
  waiting: () => "Not saved yet",
  saving: () => "Saving …",
  saved: ({ at }) => `Saved ${clock(at)}`,
  retrying: ({ isKept }) => (isKept ? "Not saved, retrying. Your work is kept in this browser." : "Not saved, retrying. Leave this page open."),
  refused: ({ error }) => `Not saved: ${[error.message, ...Object.values(error.fields).flat().filter((text) => typeof text === "string")].join(" ")}`,
  conflict: ({ unloaded, isKept }) => (unloaded ? `Not saved: changed in another window, and the choice could not be loaded. ${isKept ? "Your work is kept in this browser; try again." : "Leave this page open and try again."}` : "Not saved: changed in another window"),
  closed: ({ session }) => `Not saved: it was ${session.state} in another window. Your changes are kept in this browser until it is a draft again.`,
  ended: ({ error }) => ({ 401: "Not saved: you are logged out. Your work is kept in this browser.", 404: "Not saved: this session was deleted." })[error.status] ?? `Not saved: ${error.message}`,
};
const TROUBLE = new Set(["retrying", "refused", "conflict", "closed", "ended"]);

/** Says how saving stands; trouble, and its end, are announced. */
export class SavedState {
  #trouble = false;

  draw(state, announce) {
    const place = find("[data-saved]");
    const words = WORDS[state.name](state);
    const trouble = TROUBLE.has(state.name);
    setText(place, words);
    place.dataset.state = trouble ? "trouble" : state.name;
    find("[data-bar-trouble]").hidden = !trouble;
    if (state.error?.status === 401) place.append(" ", h("a", { href: `/login/?next=${encodeURIComponent(location.pathname)}` }, "Log in to go on"));
    if (state.choose) place.append(" ", h("button", { type: "button", class: "link", onclick: state.choose }, "Choose what to keep"));
    if (state.name === "closed") place.append(" ", h("a", { href: location.pathname }, "Open it"));
    if (trouble && !this.#trouble) announce(words);
    if (!trouble && this.#trouble && state.name === "saved") announce("Everything is saved again.");
    if (trouble || state.name === "saved") this.#trouble = trouble;
  }
}
