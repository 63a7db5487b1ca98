/** Taking single sections from other versions into the session made of the chosen one. */

import { ApiError, call, get, post } from "./api.js";
import { placeFor } from "./compare-rows.js";
import { h } from "./dom.js";
import { troubleWords } from "./trouble.js";

export class Mix {
  session = null;

  /** `onChange(session)` is told of every new state of the session; notices go into `host`. */
  constructor(host, generationId, onChange) {
    Object.assign(this, { host, generationId, onChange });
  }

  get path() {
    return `/api/sessions/${this.session.id}`;
  }

  /** Look at the session as it stands now. */
  async open(id) {
    this.#show((await get(`/api/sessions/${id}`)).body);
  }

  /** Put a section of another version where its kind stands, and say so. */
  async take(variant, place) {
    const section = variant.outline.sections[place];
    const sections = this.session.outline.sections;
    const position = placeFor(section, sections);
    const before = new Set(sections.map((each) => each.id));
    await this.#write(() => post(`${this.path}/sections/import`, { version: this.session.version, generationId: this.generationId, variantNumber: variant.number, sectionId: String(place), position }));
    const added = this.session.outline.sections.find((each) => !before.has(each.id));
    this.#say(`“${section.title}” is in your session now${position ? `, after “${sections[position - 1].title}”` : ", at the beginning"}.`, [
      this.#button("Undo", () => this.#undo(added.id, section.title)),
    ]);
  }

  async #undo(id, title) {
    await this.#write(() => call("DELETE", `${this.path}/sections/${id}?version=${this.session.version}`));
    this.#say(`“${title}” is out again.`, []);
  }

  async #fit() {
    await this.#write(() => post(`${this.path}/balance`, { version: this.session.version }));
    this.#say(`The minutes fit again: ${this.session.durationMinutes}.`, []);
  }

  /** Write on the version last seen; a session changed elsewhere is fetched, so that the next try is on what is there. */
  async #write(send) {
    try {
      this.#show((await send()).body);
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) await this.open(this.session.id);
      throw error;
    }
  }

  #show(session) {
    this.session = session;
    this.onChange(session);
  }

  #say(text, actions) {
    const total = this.session.outline.sections.reduce((sum, section) => sum + section.minutes, 0);
    const target = this.session.durationMinutes;
    const off = total !== target;
    const notice = h("div", { class: "notice good", tabindex: "-1" },
      h("p", {}, text, off && ` It is ${total} of ${target} min.`),
      h("div", { class: "actions" }, off && this.#button(`Fit to ${target} min`, () => this.#fit()), actions, h("a", { class: "button small", href: `/sessions/${this.session.id}/` }, "Open the session")));
    this.host.replaceChildren(notice);
    notice.focus({ preventScroll: false });
  }

  #button(text, action) {
    return h("button", { type: "button", class: "button small", onclick: () => action().catch((error) => this.complain(error)) }, text);
  }

  /** What went wrong, where the good news would have been. */
  complain(error) {
    this.host.replaceChildren(h("p", { class: "notice bad", role: "alert" }, troubleWords(error)));
  }
}
