/** The strips of all versions over one time axis; each can be left out, and leads to its column. */

import { letterOf, nameOf } from "./blind.js";
import { h } from "./dom.js";
import { drawAxis, drawStrip } from "./strip.js";

/** Fewer are no comparison. */
export const FEWEST = 2;

/** `versions` are all ready ones as `{variant, outline, chosen, hidden}`; `view.toggle(number, on)` leaves one out or brings it back. */
export function drawLanes(host, versions, view) {
  const focused = host.contains(document.activeElement) ? document.activeElement.dataset.act : null;
  const { startTime: starts, timeZone: zone } = view.generation.brief;
  const left = versions.filter((each) => !each.hidden).length;
  const axis = h("div", { class: "axis" });
  host.replaceChildren(h("ol", { class: "lane-list" }, versions.map((each) => lane(each, view, left))), axis);
  for (const [place, each] of versions.entries()) drawStrip(host.querySelectorAll(".lane .strip")[place], each.outline.sections, { starts, zone, bare: true, across: view.longest });
  drawAxis(axis, view.longest, { starts, zone });
  if (focused) host.querySelector(`[data-act="${focused}"]`)?.focus({ preventScroll: true });
}

function lane({ variant, hidden, chosen }, view, left) {
  const name = nameOf(variant, view.blind);
  return h("li", { class: "lane", "data-hidden": Boolean(hidden) },
    h("input", { type: "checkbox", checked: !hidden, disabled: !hidden && left <= FEWEST, "data-act": `show-${variant.number}`, "aria-label": `Show ${name}`, onchange: (event) => view.toggle(variant.number, event.currentTarget.checked) }),
    h("a", { class: "lane-name", href: `#version-${variant.position}`, "data-act": `go-${variant.number}` },
      h("span", { class: "letter" }, letterOf(variant)), h("span", { class: "lane-label" }, " ", name, chosen && " · yours")),
    h("div", { class: "strip bare" }));
}

let watching = null;

/** Where only one column has room, marks the lane of the one in view. */
export function markLaneInView(columns, lanes) {
  watching?.disconnect();
  watching = new IntersectionObserver((seen) => {
    const sideways = columns.scrollWidth > columns.clientWidth;
    for (const { target, isIntersecting } of seen) lanes.querySelector(`[href="#${target.id}"]`)?.setAttribute("aria-current", String(sideways && isIntersecting));
  }, { root: columns, threshold: 0.6 });
  for (const column of columns.querySelectorAll(".column")) watching.observe(column);
}
