/** Reordering by pointer: mouse, pen and touch alike. The keyboard has its own way, see the list. */

const EDGE_PX = 60;
const SCROLL_PX = 12;

/** Children of `list` can be dragged by the `[data-grip]` in them; `drop(id, place)` is told where one was let go, or that it stays. */
export function sortable(list, drop) {
  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    grip.focus();
    begin(list, grip, event, drop);
  });
}

function begin(list, grip, start, drop) {
  const item = grip.closest("[data-section]");
  const from = [...list.children].indexOf(item);
  const marker = document.createElement("li");
  marker.className = "drop-marker";
  marker.setAttribute("role", "presentation");
  let place = from;

  const move = (event) => {
    item.classList.add("dragged");
    item.style.setProperty("translate", `0 ${event.clientY - start.clientY + scrollY - startScroll}px`);
    scrollNearEdge(event.clientY);
    place = placeAt(list, item, event.clientY);
    const others = [...list.children].filter((child) => child !== item && child !== marker);
    list.insertBefore(marker, others[place] ?? null);
  };
  const end = (event) => {
    for (const [name, listener] of listeners) grip.removeEventListener(name, listener);
    document.removeEventListener("keydown", escape, true);
    item.classList.remove("dragged");
    item.style.removeProperty("translate");
    marker.remove();
    drop(item.dataset.section, event.type === "pointerup" ? place : from);
  };
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end(event);
  };
  const startScroll = scrollY;
  const listeners = [["pointermove", move], ["pointerup", end], ["pointercancel", end]];
  grip.setPointerCapture(start.pointerId);
  for (const [name, listener] of listeners) grip.addEventListener(name, listener);
  document.addEventListener("keydown", escape, true);
}

/** How many of the other items have their middle above the pointer. */
function placeAt(list, item, y) {
  return [...list.children].filter((child) => child !== item && child.dataset.section).filter((child) => {
    const box = child.getBoundingClientRect();
    return box.top + box.height / 2 < y;
  }).length;
}

function scrollNearEdge(y) {
  if (y < EDGE_PX) scrollBy(0, -SCROLL_PX);
  else if (y > innerHeight - EDGE_PX) scrollBy(0, SCROLL_PX);
}
