/** Building and finding elements. Text goes in as text nodes only, so nothing a model wrote can become markup. */

import { iconAddress } from "./sprite.js";

const SVG = "http://www.w3.org/2000/svg";

/** A new element; `props` are attributes, `on…` functions become listeners, false and null are left out. */
export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function s(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const find = (selector, within = document) => within.querySelector(selector);
export const findAll = (selector, within = document) => [...within.querySelectorAll(selector)];

/** The page answers now: what does nothing without its script, and so was disabled in the template, waits no longer. */
export function answer(part) {
  for (const control of findAll("[data-waits]", find(part))) {
    control.disabled = false;
    control.removeAttribute("data-waits");
  }
}

/** Sets text only when it differs, so that live regions and selections are left alone. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The page's glyph of a section type, drawn from the shared sprite. */
export function glyph(type) {
  const sprite = document.documentElement.dataset.sprite;
  return h("span", { class: `glyph type-${type}` }, s("svg", { "aria-hidden": "true" }, s("use", { href: iconAddress(sprite, type) })));
}
