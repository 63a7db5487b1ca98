/** One card per outline. The element stays for good; only what changed is drawn again, so that focus stays too. */

import { cardBody, failedBody, ghostBody } from "./card-body.js";
import { h } from "./dom.js";
import { whatItIs } from "./words.js";

const WAITING = {
  0: "Writing in the usual order", 1: "Building on your material", 2: "Half your material, half new",
  3: "One idea from your material, then free", 4: "Starting from a blank page",
};

export class Card {
  #drawn = "";

  /** `acts` are the page's actions: choose, reject, retry, each given the card. */
  constructor(number, acts, sources) {
    Object.assign(this, { number, acts, sources });
    this.id = `outline-${number}`;
    this.element = h("article", { class: "card", id: this.id, tabindex: "-1", "data-card": number, "aria-labelledby": `${this.id}-label` });
  }

  update(variant, generation, view) {
    this.variant = variant;
    const state = stateOf(variant, generation);
    const rejected = view.rejected.has(variant.number);
    const chosen = view.chosen === variant.number;
    const signature = JSON.stringify([state, variant.error, rejected, chosen, view, variant.quality, generation.metadata.ragState]);
    if (signature === this.#drawn) return;
    const arrived = this.element.dataset.state === "writing" && state === "ready";
    this.#drawn = signature;
    Object.assign(this.element.dataset, { state, rejected, chosen });
    this.element.setAttribute("aria-busy", String(state === "writing"));
    this.#draw(variant, generation, { ...view, state, rejected, chosenHere: chosen, arrived });
  }

  #draw(variant, generation, view) {
    const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    const head = headOf(this.id, variant, generation, view.state);
    const body = {
      ready: () => cardBody(this, variant, generation, view),
      failed: () => failedBody(this, variant, view),
      stopped: () => [h("p", { class: "card-status" }, "Not written: you cancelled before it was done.")],
      writing: () => ghostBody(generation.writer === "offline" ? "Composing from the activity library" : WAITING[variant.number]),
    }[view.state]();
    this.element.replaceChildren(head, ...body);
    if (focused !== null) (this.element.querySelector(`[data-act="${focused}"]:not(:disabled)`) ?? this.element).focus({ preventScroll: true });
  }
}

function stateOf(variant, generation) {
  if (variant.state === "ready" || variant.state === "failed") return variant.state;
  return ["cancelled", "failed"].includes(generation.state) ? "stopped" : "writing";
}

function headOf(id, variant, generation, state) {
  const known = state === "ready";
  return h("header", { class: "card-head" },
    h("h2", { class: "card-label", id: `${id}-label` }, variant.label),
    h("p", { class: variant.generationSource === "rag" ? "card-what material" : "card-what" }, known && whatItIs(variant, generation.writer)),
    h("p", { class: "card-pitch" }, variant.description));
}
