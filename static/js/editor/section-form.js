/** The selected section, to be written in place. */

import { h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { typeName } from "../strip.js";
import { plural } from "../words.js";
import { clockOf } from "./clock.js";
import { choiceField, linesField, stepsField, textField } from "./fields.js";
import { placeOf, sectionOf, TYPES } from "./plan.js";
import { SourceChips } from "./source-chips.js";

const NAMES = {
  title: "title", type: "kind", description: "description", objectives: "objectives", activity: "activity", mode: "grouping", steps: "steps",
  materials: "materials", prompts: "questions", facilitatorNote: "note", sourceIds: "sources",
};

export class SectionForm {
  #id = null;

  /** `actions` are what can be done to a section beyond writing: library, keep, and the place for rewriting. */
  constructor(host, desk, actions) {
    Object.assign(this, { host, desk, actions });
  }

  draw() {
    const section = sectionOf(this.desk.plan, this.desk.selected);
    if (!section) {
      this.#id = null;
      this.host.replaceChildren(h("p", { class: "quiet" }, "No section yet. Add one from the library, or a blank one to write yourself."));
      return;
    }
    if (this.#id !== section.id) this.#build(section);
    for (const [name, field] of Object.entries(this.fields)) field.write(name === "mode" ? section.mode.replaceAll("_", " ") : section[name]);
    this.chips.draw(section, this.desk.session.sources);
    this.#drawHead(section);
  }

  /** Put the focus on a field, or on the heading. */
  focus(name) {
    const input = this.fields?.[name]?.input;
    (input ?? this.heading)?.focus();
    (input ?? this.heading)?.scrollIntoView({ block: input ? "center" : "start" });
  }

  #build(section) {
    const set = (name) => (value) => this.desk.changeSection(section.id, { [name]: value }, `Change of the ${NAMES[name]}`, `${section.id}.${name}`);
    this.#id = section.id;
    this.heading = h("h2", { class: "form-head", tabindex: "-1", id: "section-heading" });
    this.where = h("p", { class: "small quiet figures" });
    this.sum = h("p", { class: "small quiet figures" });
    this.chips = new SourceChips((ids) => set("sourceIds")(ids));
    this.fields = {
      title: textField("field-title", "Section title", { most: 200, lines: 1, isOneLine: true, change: set("title") }),
      type: choiceField("field-type", "Kind", TYPES.map((type) => [type, typeName(type)]), set("type")),
      description: textField("field-description", "Description", { most: 2000, lines: 3, change: set("description") }),
      objectives: linesField("field-objectives", "People can then", { most: 8, longest: 300, hint: "One a line, each beginning with a verb.", change: set("objectives") }),
      activity: textField("field-activity", "Activity", { most: 120, change: set("activity") }),
      mode: textField("field-mode", "Grouping", { most: 40, list: "modes", change: set("mode") }),
      steps: stepsField("field-steps", { most: 12, longest: 300, change: set("steps") }),
      materials: linesField("field-materials", "Materials", { most: 8, longest: 300, hint: "One a line.", change: set("materials") }),
      prompts: linesField("field-prompts", "Questions to ask", { most: 8, longest: 300, hint: "One a line.", change: set("prompts") }),
      facilitatorNote: textField("field-facilitatorNote", "Note for the facilitator", { most: 2000, lines: 2, hint: "Only in the facilitator guide.", change: set("facilitatorNote") }),
    };
    this.host.replaceChildren(...this.#layout(section.id));
  }

  #layout(id) {
    const { title, type, description, objectives, activity, mode, steps, materials, prompts, facilitatorNote } = this.fields;
    const swap = h("button", { type: "button", class: "link small", "data-swap": true, onclick: (event) => this.actions.swap(id, event.currentTarget) }, "Choose another from the library");
    activity.element.append(swap);
    return [
      h("header", { class: "form-top" }, h("div", {}, this.heading, this.where), this.#buttons(id)),
      h("div", { class: "form-fields" },
        h("div", { class: "field-row title-row" }, title.element, type.element),
        description.element, objectives.element,
        h("div", { class: "field-row" }, activity.element, mode.element),
        steps.element, this.sum,
        h("div", { class: "field-row" }, materials.element, prompts.element),
        facilitatorNote.element, this.chips.element),
      this.actions.rewriting(id),
    ];
  }

  #buttons(id) {
    const button = (name, picture, words, act) => h("button", { type: "button", class: "button plain small", "data-act": name, onclick: act }, icon(picture), words);
    this.up = button("up", "up", "Up", () => this.desk.moveBy(id, -1));
    this.down = button("down", "down", "Down", () => this.desk.moveBy(id, 1));
    return h("div", { class: "form-actions" }, this.up, this.down,
      button("duplicate", "copy", "Duplicate", () => this.desk.duplicate(id)),
      button("keep", "idea", "Keep as idea", (event) => this.actions.keep(id, event.currentTarget)),
      button("delete", "bin", "Delete", () => this.desk.remove(id)));
  }

  #drawHead(section) {
    const { plan } = this.desk;
    const place = placeOf(plan, section.id);
    const count = plan.outline.sections.length;
    const starts = plan.outline.sections.slice(0, place).reduce((sum, one) => sum + one.minutes, 0);
    const at = clockOf(plan);
    setText(this.heading, section.title || "Untitled section");
    setText(this.where, `Section ${place + 1} of ${count} · ${at(starts)} to ${at(starts + section.minutes)} · ${section.minutes} min`);
    this.up.disabled = place === 0;
    this.down.disabled = place === count - 1;
    this.#drawSum(section);
  }

  #drawSum(section) {
    const sum = section.steps.reduce((minutes, step) => minutes + (step.minutes ?? 0), 0);
    const fits = Math.abs(sum - section.minutes) <= Math.max(1, section.minutes * 0.1);
    setText(this.sum, !sum ? "" : fits ? `The steps take ${sum} of ${section.minutes} min.` : `The steps take ${sum} min, the section ${plural(section.minutes, "minute")}.`);
    this.sum.classList.toggle("amber", Boolean(sum) && !fits);
  }
}
