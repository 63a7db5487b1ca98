/** The one polite live region of the generation page: says what changed since the last look, and only that. */

import { setText } from "./dom.js";
import { isTerminal, stagesOf } from "./stages.js";
import { plural } from "./words.js";

export class Announcer {
  #before = null;

  /** `nameOf(variant)` is what a version may be called. */
  constructor(region, nameOf) {
    Object.assign(this, { region, nameOf });
  }

  /** Tell of the step from the last generation seen to this one; nothing at first sight, as the page itself says it. */
  tell(generation) {
    const before = this.#before;
    this.#before = generation;
    const news = before && newsOf(before, generation, this.nameOf);
    if (news) setText(this.region, news);
  }
}

function newsOf(before, now, nameOf) {
  if (isTerminal(now)) return isTerminal(before) ? "" : ending(now);
  const ready = newlyReady(before, now);
  if (ready.length) return `${ready.map(nameOf).join(" and ")} ready, ${readyCount(now)} of ${now.variants.length}.`;
  return isRunning(before) ? "" : current(now);
}

const newlyReady = (before, now) => {
  const known = new Set(before.variants.filter((variant) => variant.state === "ready").map((variant) => variant.number));
  return now.variants.filter((variant) => variant.state === "ready" && !known.has(variant.number));
};
const readyCount = (generation) => generation.variants.filter((variant) => variant.state === "ready").length;
const isRunning = (generation) => generation.state === "generating";
const current = (generation) => stagesOf(generation).filter((stage) => stage.state !== "todo").slice(-2).map((stage) => stage.text).join(". ");

function ending(generation) {
  if (generation.state === "failed") return "No outline could be written. You can retry or make an offline draft.";
  if (generation.state === "cancelled") return "Cancelled.";
  return `${plural(readyCount(generation), "outline is", "outlines are")} ready.`;
}
