/** A small explanation beside its button: opens on hover, focus or tap, stays while it is read, closes with Escape. */

import { find, h } from "./dom.js";

const LINGER_MS = 160;
const GAP_PX = 6;
const EDGE_PX = 8;

let host = null;
let owner = null;
let closing = null;

/** Gives `button` an explanation; `content()` returns nodes, or a promise of them. */
export function explain(button, content) {
  button.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && open(button, content));
  button.addEventListener("pointerleave", () => close(LINGER_MS));
  button.addEventListener("focus", () => open(button, content));
  button.addEventListener("blur", () => close(0));
  button.addEventListener("click", () => open(button, content));
  return button;
}

function open(button, content) {
  clearTimeout(closing);
  if (owner === button) return;
  close(0);
  owner = button;
  host ??= makeHost();
  button.setAttribute("aria-describedby", host.id);
  show(button, content());
  host.showPopover();
  place();
}

function show(button, content) {
  if (!(content instanceof Promise)) {
    host.replaceChildren(...content);
    return;
  }
  host.replaceChildren(h("p", { class: "quiet" }, "Fetching …"));
  content.catch(() => [h("p", {}, "This cannot be fetched at the moment.")]).then((nodes) => {
    if (owner !== button) return;
    host.replaceChildren(...nodes);
    place();
  });
}

function close(after) {
  clearTimeout(closing);
  if (after) closing = setTimeout(() => close(0), after);
  else if (owner) {
    owner.removeAttribute("aria-describedby");
    owner = null;
    host.hidePopover();
  }
}

/** Closes an explanation whose button has been drawn anew. */
export function closeOrphan() {
  if (owner && !owner.isConnected) close(0);
}

/** Above the button, or below where there is no room; never beyond the window's edge. */
function place() {
  if (!owner?.isConnected) return close(0);
  const at = owner.getBoundingClientRect();
  const left = Math.max(EDGE_PX, Math.min(at.left, document.documentElement.clientWidth - host.offsetWidth - EDGE_PX));
  const above = at.top - host.offsetHeight - GAP_PX;
  host.style.setProperty("left", `${left}px`);
  host.style.setProperty("top", `${above > EDGE_PX ? above : at.bottom + GAP_PX}px`);
}

function makeHost() {
  const made = h("div", { class: "tip", id: "tip", role: "tooltip", popover: "manual" });
  made.addEventListener("pointerenter", () => clearTimeout(closing));
  made.addEventListener("pointerleave", () => close(LINGER_MS));
  find("main").append(made);
  document.addEventListener("scroll", () => owner && place(), { passive: true, capture: true });
  document.addEventListener("keydown", (event) => event.key === "Escape" && close(0));
  return made;
}
