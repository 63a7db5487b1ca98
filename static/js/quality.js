/** The quality of an outline: a figure with its word, and its parts as small bars. */

import { h, s } from "./dom.js";
import { explain } from "./tip.js";
import { qualityWord } from "./words.js";

export const PARTS = {
  time: ["Fits the time", 10], arc: ["Beginning and end", 12], outcome: ["Serves the outcome", 20], objectives: ["Objectives", 14],
  active: ["People active", 14], events: ["Learning steps", 10], facilitation: ["Ready to run", 14], clarity: ["Clear words", 6],
};

export const scoreInWords = ({ score }) => `${score} · ${qualityWord(score)}`;

/** `78 · good`, with its parts on hover and focus. */
export function qualityButton(quality) {
  const button = h("button", { type: "button", class: "tip-opener", "data-act": "quality" }, h("span", { class: "visually-hidden" }, "Quality "), scoreInWords(quality));
  return explain(button, () => [h("p", { class: "tip-title" }, "Quality, out of 100"), partBars(quality)]);
}

/** Every part with a bar as long as its share; `strong` names the parts whose figure stands out. */
export function partBars(quality, strong = new Set()) {
  const known = Object.entries(PARTS).filter(([name]) => typeof quality.parts?.[name] === "number");
  return h("dl", { class: "parts" }, known.flatMap(([name, [words, most]]) => [
    h("dt", {}, words),
    h("dd", { class: strong.has(name) ? "stands-out" : null }, bar(quality.parts[name] / most), h("span", {}, `${points(quality.parts[name])} of ${most}`)),
  ]));
}

/** To one decimal and never rounded up: only a full part reads full. */
const points = (reached) => String(Math.floor(reached * 10 + 1e-6) / 10);

function bar(share) {
  const full = `${(Math.min(1, Math.max(0, share)) * 100).toFixed(1)}%`;
  return s("svg", { class: "part-bar", "aria-hidden": "true" }, s("rect", { class: "part-track", width: "100%", height: "100%", rx: 2 }), s("rect", { class: "part-fill", width: full, height: "100%", rx: 2 }));
}
