/** Differences between two texts as elements: what is new is marked, what is gone struck through; never by colour alone. */

import { h } from "../dom.js";
import { compareTexts } from "./text-diff.js";

/** The pieces of `after` compared with `before`; `show` is fresh (only what is there now), gone (only what was), or both. */
export function marked(before, after, show = "both") {
  return compareTexts(before, after)
    .filter((piece) => piece.kind === "same" || show === "both" || piece.kind === show)
    .map((piece) => (piece.kind === "same" ? piece.text : h(piece.kind === "gone" ? "del" : "ins", {}, piece.text)));
}
