/** The list of sections: clock times, minutes, locks, order. Elements stay while their section does, so that focus stays. */

import { glyph, h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { typeName } from "../strip.js";
import { clockOf } from "./clock.js";
import { sortable } from "./drag.js";
import { MOST_MINUTES, placeOf } from "./plan.js";

const STEP = 5;

export class PlanList {
  #items = new Map();

  /** `desk` has the plan, the selection and the steps an author can take. */
  constructor(host, desk) {
    Object.assign(this, { host, desk });
    host.replaceChildren();
    sortable(host, (id, place) => desk.move(id, place));
  }

  draw() {
    if (this.host.querySelector(".dragged")) return; // what is being dragged stays in the hand; the drop draws again
    const { plan, selected } = this.desk;
    const focused = this.host.contains(document.activeElement) ? document.activeElement : null;
    const at = clockOf(plan);
    let passed = 0;
    const wanted = plan.outline.sections.map((section, place) => {
      const item = this.#itemOf(section.id);
      item.update(section, { clock: at(passed), place, count: plan.outline.sections.length, selected: section.id === selected });
      passed += section.minutes;
      return item.element;
    });
    if (wanted.length !== this.host.children.length || wanted.some((element, place) => element !== this.host.children[place])) this.host.replaceChildren(...wanted);
    for (const id of this.#items.keys()) if (placeOf(plan, id) < 0) this.#items.delete(id);
    if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
  }

  /** Put the focus on a section's entry. */
  focus(id) {
    this.#items.get(id)?.title.focus();
  }

  #itemOf(id) {
    if (!this.#items.has(id)) this.#items.set(id, new Item(id, this.desk));
    return this.#items.get(id);
  }
}

class Item {
  constructor(id, desk) {
    this.grip = h("button", { type: "button", class: "grip", "data-grip": true, onkeydown: (event) => this.#onKey(event) }, icon("grip"));
    this.clock = h("time", { class: "plan-clock" });
    this.glyph = glyph("custom");
    this.name = h("span", { class: "plan-name", dir: "auto" });
    this.type = h("span", { class: "plan-type" });
    this.title = h("button", { type: "button", class: "plan-title", id: `section-${id}`, onclick: () => desk.select(id, { open: true }) }, this.glyph, h("span", { class: "plan-words" }, this.name, this.type));
    this.minutes = h("input", { class: "minutes", id: `minutes-${id}`, type: "text", inputmode: "numeric", maxlength: 3, autocomplete: "off", "aria-describedby": `minutes-${id}-error`, oninput: () => this.#say(""), onchange: () => this.#take(), onkeydown: (event) => this.#onMinutesKey(event) });
    this.less = h("button", { type: "button", tabindex: "-1", onclick: () => this.#step(-STEP) }, "−");
    this.more = h("button", { type: "button", tabindex: "-1", onclick: () => this.#step(STEP) }, "+");
    this.lock = h("button", { type: "button", class: "lock", onclick: () => desk.lock(id, !this.section.locked) });
    this.error = h("p", { class: "error plan-error", id: `minutes-${id}-error`, role: "alert", hidden: true });
    this.element = h("li", { class: "plan-item", "data-section": id }, this.grip, this.clock, this.title,
      h("span", { class: "stepper" }, this.less, this.minutes, h("span", { class: "unit", "aria-hidden": "true" }, "min"), this.more), this.lock, this.error);
    Object.assign(this, { id, desk });
  }

  update(section, { clock, place, count, selected }) {
    const name = section.title || "Untitled section";
    if (this.section && this.section.minutes !== section.minutes) this.#say("");
    this.section = section;
    this.element.classList.toggle("selected", selected);
    if (selected) this.title.setAttribute("aria-current", "true");
    else this.title.removeAttribute("aria-current");
    setText(this.clock, clock);
    setText(this.name, name);
    setText(this.type, typeName(section.type));
    if (!this.glyph.classList.contains(`type-${section.type}`)) this.glyph.replaceWith((this.glyph = glyph(section.type)));
    if (document.activeElement !== this.minutes || this.minutes.value !== String(section.minutes)) this.minutes.value = section.minutes;
    this.minutes.setAttribute("aria-label", `Minutes of ${name}`);
    this.less.setAttribute("aria-label", `Less time for ${name}`);
    this.more.setAttribute("aria-label", `More time for ${name}`);
    for (const control of [this.less, this.minutes, this.more]) control.disabled = section.locked;
    this.grip.setAttribute("aria-label", `Move ${name}, now ${place + 1} of ${count}. Up and down arrows move it.`);
    this.lock.setAttribute("aria-pressed", String(section.locked));
    this.lock.setAttribute("aria-label", `Keep the minutes of ${name}`);
    this.lock.title = section.locked ? "These minutes stay when the rest is fitted" : "Keep these minutes when the rest is fitted";
    if (this.lock.dataset.is !== String(section.locked)) this.lock.replaceChildren(icon(section.locked ? "locked" : "open"));
    this.lock.dataset.is = section.locked;
  }

  #step(by) {
    const from = this.section.minutes;
    const next = by > 0 ? Math.floor(from / STEP) * STEP + STEP : Math.ceil(from / STEP) * STEP - STEP;
    this.desk.setMinutes(this.id, Math.min(MOST_MINUTES, Math.max(1, next)));
  }

  #take() {
    const typed = Number(this.minutes.value);
    if (Number.isInteger(typed) && typed >= 1 && typed <= MOST_MINUTES) {
      this.desk.setMinutes(this.id, typed);
    } else {
      this.minutes.value = this.section.minutes;
      this.#say(`Whole minutes from 1 to ${MOST_MINUTES}; it stays at ${this.section.minutes}.`);
    }
  }

  #say(sentence) {
    this.error.hidden = !sentence;
    setText(this.error, sentence);
  }

  #onMinutesKey(event) {
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      this.#take();
      this.#step(event.key === "ArrowUp" ? STEP : -STEP);
    } else if (event.key === "Enter") {
      this.#take();
    }
  }

  #onKey(event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    this.desk.moveBy(this.id, by);
  }
}
