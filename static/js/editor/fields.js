/** The controls of the section form. Each has an `element`, `read()` and `write(value)`; `write` leaves an equal value alone. */

import { h, setText } from "../dom.js";
import { same } from "./plan.js";

const control = (element, input, read, put) => ({ element, input, read, write: (value) => same(read(), value) || put(value) });

/** One line, or with `lines` a text area; with `isOneLine` a text area that wraps one line. `change(value)` is told of every change. */
export function textField(id, label, { most, lines = 0, isOneLine = false, hint = "", list = null, change }) {
  const props = { class: "input", id, maxlength: most, dir: "auto", autocomplete: "off", "aria-describedby": hint ? `${id}-hint ${id}-error` : null };
  const input = lines ? h("textarea", { ...props, rows: lines }) : h("input", { ...props, type: "text", list });
  const read = () => (isOneLine ? input.value.replace(/\s+/g, " ") : input.value);
  input.addEventListener("input", () => change(read()));
  if (isOneLine) input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  return control(field(id, label, hint, input), input, read, (value) => { input.value = value; });
}

export function choiceField(id, label, options, change) {
  const input = h("select", { class: "input", id }, options.map(([value, words]) => h("option", { value }, words)));
  input.addEventListener("change", () => change(input.value));
  return control(field(id, label, "", input), input, () => input.value, (value) => { input.value = value; });
}

/** A list of texts, one a line. What is beyond the limits is kept as written and said; the server refuses it until it is put right. */
export function linesField(id, label, { most, longest, hint, change }) {
  const read = () => linesOf(text.input.value);
  const say = () => sayError(text, excess(read(), most, longest));
  const text = textField(id, label, { lines: 2, hint, change: () => { say(); change(read()); } });
  const put = (values) => { text.input.value = values.join("\n"); };
  return { ...control(text.element, text.input, read, put), write: (values) => { if (!same(read(), values)) put(values); say(); } };
}

const linesOf = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** What is too much about some lines, in a sentence; empty where nothing is. */
export function excess(lines, most, longest) {
  const long = lines.findIndex((line) => [...line].length > longest);
  if (lines.length > most) return `At most ${most} lines fit, and these are ${lines.length}. Nothing is saved until it is shorter.`;
  return long < 0 ? "" : `Line ${long + 1} has more than ${longest} characters. Nothing is saved until it is shorter.`;
}

function sayError({ element, input }, sentence) {
  const error = element.querySelector(".error");
  error.hidden = !sentence;
  setText(error, sentence);
  if (sentence) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

/** Steps: what to do, and for how many minutes. */
export function stepsField(id, { most, longest, change }) {
  const list = h("ol", { class: "step-rows", "aria-label": "Steps" });
  const read = () => [...list.children].map((row) => row.step()).filter((step) => step.text || step.minutes);
  const told = () => change(read());
  const add = (step = { text: "", minutes: null }) => {
    const row = stepRow(step, list.children.length, longest, told);
    list.append(row);
    return row;
  };
  const button = h("button", { type: "button", class: "button small", id: `${id}-add`, onclick: () => list.children.length < most && add().querySelector("textarea").focus() }, "Add a step");
  const element = h("div", { class: "field", role: "group", "aria-labelledby": `${id}-label` }, h("span", { class: "label", id: `${id}-label` }, "Steps"), list, h("div", { class: "actions" }, button));
  return control(element, button, read, (steps) => {
    list.replaceChildren();
    steps.forEach(add);
  });
}

function stepRow(step, place, longest, told) {
  const text = h("textarea", { class: "input", rows: 1, maxlength: longest, dir: "auto", "aria-label": `Step ${place + 1}`, oninput: told }, step.text);
  const minutes = h("input", { class: "input minutes", type: "text", inputmode: "numeric", maxlength: 3, value: step.minutes ?? "", "aria-label": `Minutes of step ${place + 1}`, oninput: told });
  const row = h("li", { class: "step-row" }, text, minutes, h("span", { class: "unit", "aria-hidden": "true" }, "min"),
    h("button", { type: "button", class: "remove", "aria-label": `Remove step ${place + 1}`, onclick: () => {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      told();
      next?.querySelector("textarea").focus();
    } }, "×"));
  row.step = () => ({ text: text.value, minutes: Number.parseInt(minutes.value, 10) || null });
  return row;
}

function field(id, label, hint, input) {
  return h("div", { class: "field" }, h("label", { for: id }, label), hint && h("p", { class: "hint", id: `${id}-hint` }, hint), input, h("p", { class: "error", id: `${id}-error`, hidden: true }));
}
