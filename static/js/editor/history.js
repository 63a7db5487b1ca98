/** Undo and redo: the plans an author has been through. Typing in one field is one step until there is a pause. */

import { samePlan } from "./plan.js";

const ONE_STEP_MS = 1500;
const MOST_STEPS = 200;

export class History {
  #past = [];
  #future = [];
  #key = null;
  #at = 0;

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** Remember the plan that is about to be replaced; steps with the same `key` in quick succession become one. */
  record(before, what, key = null, now = Date.now()) {
    const goesOn = key !== null && key === this.#key && now - this.#at < ONE_STEP_MS && this.#past.length > 0;
    if (!goesOn) this.#past.push({ plan: before, what });
    if (this.#past.length > MOST_STEPS) this.#past.shift();
    this.#future = [];
    this.#key = key;
    this.#at = now;
  }

  /** The plan before the last step, with what that step was; null when there is none. */
  undo(current) {
    return this.#step(this.#past, this.#future, current);
  }

  redo(current) {
    return this.#step(this.#future, this.#past, current);
  }

  /** Every plan becomes `over(plan)`; a step that then changes nothing is none any more. `current` is the plan after it. */
  rebase(over, current) {
    for (const steps of [this.#past, this.#future]) {
      for (let place = steps.length - 1, next = current; place >= 0; place--) {
        steps[place].plan = over(steps[place].plan);
        if (samePlan(steps[place].plan, next)) steps.splice(place, 1);
        else next = steps[place].plan;
      }
    }
    this.#key = null;
  }

  #step(from, to, current) {
    const step = from.pop();
    if (!step) return null;
    to.push({ plan: current, what: step.what });
    this.#key = null;
    return step;
  }
}
