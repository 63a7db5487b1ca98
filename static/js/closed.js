/** Why no other version can be chosen at present, and where that is changed. */

import { h } from "./dom.js";

/** `made` is the session made of the chosen version; `act` names the link like the button it stands for, so that focus stays. */
export function closedNote({ id, state }, act) {
  return h("p", { class: "small quiet closed" }, state === "archived" ? "Archived: " : "Published: ",
    h("a", { href: `/sessions/${id}/`, "data-act": act }, "take your session back to a draft"), " to choose another.");
}
