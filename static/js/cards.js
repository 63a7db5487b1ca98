/** One card per outline. The element stays for good; only what changed is drawn again, so that focus stays too. */

import { nameOf } from "./blind.js";
import { cardBody, failedBody, ghostBody } from "./card-body.js";
import { h } from "./dom.js";
import { closeOrphan } from "./tip.js";
import { whatItIs } from "./words.js";

const WAITING = {
  0: "Writing in the usual order", 1: "Building on your material", 2: "Half your material, half new",
  3: "One idea from your material, then free", 4: "Starting from a blank page",
};

export class Card {
  #drawn = "";

  /** The form that asks why it is set aside, while it is open; kept here, so that drawing anew loses no word. */
  question = null;

  /** `acts` are the page's actions: choose, ask, takeBack, each given the card, and retry. */
  constructor(number, acts, sources) {
    Object.assign(this, { number, acts, sources });
    this.id = `outline-${number}`;
    this.element = h("article", { class: "card", id: this.id, tabindex: "-1", "data-card": number, "aria-labelledby": `${this.id}-label` });
  }

  update(variant, generation, view) {
    this.variant = variant;
    const state = stateOf(variant, generation);
    const rejected = view.rejected.has(variant.number);
    const chosen = view.made?.variantNumber === variant.number;
    const name = nameOf(variant, view.blind);
    const signature = JSON.stringify([state, variant.state, variant.error, rejected, chosen, view, variant.quality, generation.metadata.ragState, this.question !== null]);
    if (signature === this.#drawn) return;
    const arrived = this.element.dataset.state === "writing" && state === "ready";
    this.#drawn = signature;
    Object.assign(this.element.dataset, { state, rejected, chosen });
    this.element.setAttribute("aria-busy", String(state === "writing"));
    this.#draw(variant, generation, { ...view, state, name, rejected, chosenHere: chosen, arrived });
  }

  #draw(variant, generation, view) {
    const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    const head = headOf(this.id, variant, generation, view);
    const body = {
      ready: () => cardBody(this, variant, generation, view),
      failed: () => failedBody(this, variant, view),
      stopped: () => [h("p", { class: "card-status" }, "Not written: you cancelled before it was done.")],
      writing: () => ghostBody(waitingWords(variant, generation, view)),
    }[view.state]();
    this.element.replaceChildren(head, ...body);
    closeOrphan();
    if (focused !== null) (this.element.querySelector(`[data-act="${focused}"]:not(:disabled)`) ?? this.element).focus({ preventScroll: true });
  }
}

function stateOf(variant, generation) {
  if (variant.state === "ready" || variant.state === "failed") return variant.state;
  return ["cancelled", "failed"].includes(generation.state) ? "stopped" : "writing";
}

function waitingWords(variant, generation, view) {
  if (variant.state === "queued") return "Not begun yet";
  if (generation.writer === "offline") return "Composing from the activity library";
  return view.blind ? "Writing" : WAITING[variant.number];
}

function headOf(id, variant, generation, view) {
  const origin = view.state === "ready" && (!view.blind || generation.writer === "offline") && whatItIs(variant, generation.writer);
  return h("header", { class: "card-head" },
    h("h2", { class: "card-label", id: `${id}-label` }, view.name),
    h("p", { class: !view.blind && variant.generationSource === "rag" ? "card-what material" : "card-what" }, origin),
    h("p", { class: "card-pitch" }, view.blind || didWithout(variant, view) ? "" : variant.description));
}

/** Whether it was to use material and used none: what its profile says of material would not be true then. */
function didWithout(variant, view) {
  return view.state === "ready" && variant.ragWeight > 0 && !variant.ragEffective;
}
