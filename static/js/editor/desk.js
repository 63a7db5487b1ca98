/** What is being edited, and every step an author can take on it. Views draw from it; the saver carries it to the server. */

import { plural } from "../words.js";
import { History } from "./history.js";
import { merged } from "./merge.js";
import {
  copyOf, inserted, moved, placeAfter, placeOf, planOf, removed, samePlan, sectionOf, withField, withMinutes, withOutline, withSection,
} from "./plan.js";

export class Desk {
  history = new History();

  /**
   * `hooks`: `draw()` after each change, `changed(plan)` when it has to be saved, `announce(words)`, `selected(id, open)`,
   * `left(id)` when what had the focus is gone and this section is next, `offerUndo(words)`.
   */
  constructor(session, hooks) {
    Object.assign(this, { session, hooks });
    this.plan = planOf(session);
    this.selected = this.plan.outline.sections[0]?.id ?? null;
  }

  /** Replace the plan by one step an author can take back. */
  step(plan, what, key = null) {
    if (samePlan(plan, this.plan) && plan.outline.sections.length === this.plan.outline.sections.length) {
      this.plan = plan;
      this.hooks.draw();
      return;
    }
    this.history.record(this.plan, what, key);
    this.#put(plan);
  }

  /**
   * Take over what came from the server. `others` are the plans before and after another window's changes: these are no
   * steps of this author's, so going back keeps them.
   */
  adopt(session, plan, others = null) {
    this.session = session;
    this.plan = plan;
    if (others) this.history.rebase((earlier) => merged(others.base, earlier, others.theirs, theirsWhereTheyChanged), plan);
    this.#keepSelection();
    this.hooks.draw();
  }

  undo() {
    this.#back(this.history.undo(this.plan), "Undone");
  }

  redo() {
    this.#back(this.history.redo(this.plan), "Done again");
  }

  select(id, { open = false } = {}) {
    this.selected = id;
    this.hooks.draw();
    this.hooks.selected(id, open);
  }

  changeField(name, value, what, key = null) {
    this.step(withField(this.plan, name, value), what, key);
  }

  changeStart(startsAt, timeZone) {
    this.step({ ...this.plan, startsAt, timeZone }, "Change of the date");
  }

  changeSummary(summary) {
    this.step(withOutline(this.plan, { summary }), "Change of the summary", "summary");
  }

  changeSection(id, changes, what, key = null) {
    this.step(withSection(this.plan, id, changes), what, key);
  }

  setMinutes(id, minutes) {
    this.step(withMinutes(this.plan, id, minutes), "Change of the minutes", `${id}.minutes`);
  }

  lock(id, locked) {
    this.changeSection(id, { locked }, locked ? "Keeping the minutes" : "Letting the minutes go");
  }

  move(id, place) {
    this.step(moved(this.plan, id, place), "Move");
    this.#announcePlace(id);
  }

  moveBy(id, by) {
    const place = placeOf(this.plan, id) + by;
    if (place < 0 || place >= this.plan.outline.sections.length) this.hooks.announce(by < 0 ? "It is the first section." : "It is the last section.");
    else this.move(id, place);
  }

  /** Put a section in, after the selected one unless said otherwise, and select it. */
  insert(section, what, place = placeAfter(this.plan, this.selected)) {
    this.selected = section.id;
    this.step(inserted(this.plan, section, place), what);
    this.hooks.selected(section.id, true);
  }

  duplicate(id) {
    this.insert(copyOf(sectionOf(this.plan, id)), "Duplicate", placeOf(this.plan, id) + 1);
    this.hooks.announce("Duplicated. The copy is selected.");
  }

  remove(id) {
    const place = placeOf(this.plan, id);
    const { title } = sectionOf(this.plan, id);
    const plan = removed(this.plan, id);
    this.selected = (plan.outline.sections[place] ?? plan.outline.sections[place - 1])?.id ?? null;
    this.step(plan, "Delete");
    this.hooks.left(this.selected);
    this.hooks.offerUndo(`“${title || "Untitled section"}” is deleted.`);
  }

  #announcePlace(id) {
    const section = sectionOf(this.plan, id);
    this.hooks.announce(`${section.title || "Untitled section"}: ${placeOf(this.plan, id) + 1} of ${plural(this.plan.outline.sections.length, "section")}.`);
  }

  #back(step, words) {
    if (!step) return;
    this.#put(step.plan);
    this.hooks.announce(`${words}: ${step.what.toLowerCase()}.`);
  }

  #put(plan) {
    this.plan = plan;
    this.#keepSelection();
    this.hooks.changed(plan);
    this.hooks.draw();
  }

  #keepSelection() {
    if (placeOf(this.plan, this.selected) < 0) this.selected = this.plan.outline.sections[0]?.id ?? null;
  }
}

const theirsWhereTheyChanged = (unit) => (unit.by === "mine" ? "mine" : "theirs");
