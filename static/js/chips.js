/** A list of short texts typed one after the other: Enter or comma adds, Backspace in the empty field takes the last back. */

import { find, findAll, h } from "./dom.js";

export class Chips {
  constructor(field, onChange) {
    this.field = field;
    this.name = field.dataset.chips;
    this.max = Number(field.dataset.max);
    this.list = find("ul", field);
    this.input = find("input", field);
    this.onChange = onChange;
    this.input.addEventListener("keydown", (event) => this.#onKey(event));
    this.input.addEventListener("blur", () => this.#take());
    this.input.addEventListener("paste", (event) => this.#onPaste(event));
    find(".chips", field).addEventListener("click", (event) => event.target === event.currentTarget && this.input.focus());
  }

  /** What is in the list, with what is typed but not yet added. */
  get values() {
    const typed = this.input.value.trim();
    const kept = findAll("span", this.list).map((chip) => chip.textContent);
    return typed && !kept.includes(typed) ? [...kept, typed].slice(0, this.max) : kept;
  }

  set values(texts) {
    this.list.replaceChildren();
    this.input.value = "";
    for (const text of texts) this.#append(text);
  }

  #onKey(event) {
    if (event.isComposing) return;
    if ((event.key === "Enter" || event.key === ",") && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.#take();
    } else if (event.key === "Backspace" && !this.input.value && this.list.lastElementChild) {
      this.input.value = this.#remove(this.list.lastElementChild);
      event.preventDefault();
    }
  }

  #onPaste(event) {
    const parts = event.clipboardData.getData("text").split(/[,;\n]+/);
    if (parts.length < 2) return;
    event.preventDefault();
    for (const part of parts) this.#append(part);
    this.onChange();
  }

  #take() {
    const text = this.input.value;
    this.input.value = "";
    if (this.#append(text)) this.onChange();
  }

  #append(text) {
    const clean = text.replace(/\s+/g, " ").trim().slice(0, 120);
    const known = findAll("span", this.list).map((chip) => chip.textContent.toLowerCase());
    if (!clean || known.length >= this.max || known.includes(clean.toLowerCase())) return false;
    const chip = h("li", { class: "chip" }, h("span", { dir: "auto" }, clean),
      h("button", { type: "button", "aria-label": `Remove ${clean}`, onclick: () => this.#removeAndStay(chip) }, "×"));
    this.list.append(chip);
    return true;
  }

  #removeAndStay(chip) {
    const neighbour = chip.nextElementSibling ?? chip.previousElementSibling;
    this.#remove(chip);
    (neighbour ? find("button", neighbour) : this.input).focus();
  }

  #remove(chip) {
    const text = find("span", chip).textContent;
    chip.remove();
    this.onChange();
    return text;
  }
}
