/** The quality of an outline: a figure with its word, and its parts as small bars. */

import { h, s } from "./dom.js";
import { PARTS, inTenths } from "./quality-parts.js";
import { explain } from "./tip.js";
import { qualityWord } from "./words.js";

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
    h("dd", { class: strong.has(name) ? "stands-out" : null }, bar(quality.parts[name] / most), h("span", {}, `${inTenths(quality.parts[name])} of ${most}`)),
  ]));
}

function bar(share) {
  const full = `${(Math.min(1, Math.max(0, share)) * 100).toFixed(1)}%`;
  return s("svg", { class: "part-bar", "aria-hidden": "true" }, s("rect", { class: "part-track", width: "100%", height: "100%", rx: 2 }), s("rect", { class: "part-fill", width: full, height: "100%", rx: 2 }));
}
