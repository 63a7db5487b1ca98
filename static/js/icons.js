/** Small pictures on buttons, from the sprite of the page; the words beside or behind them say the same. */

import { s } from "./dom.js";
import { iconAddress } from "./sprite.js";

export function icon(name) {
  const sprite = document.querySelector("[data-icons]").dataset.icons;
  return s("svg", { class: "icon", "aria-hidden": "true" }, s("use", { href: iconAddress(sprite, name) }));
}
