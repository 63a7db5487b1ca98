/** What a section rests on: a chip per source, with title, match and excerpt on hover and focus. */

import { h } from "./dom.js";
import { isNotes, keyOf, partsOf, sourceBody } from "./sources.js";
import { explain } from "./tip.js";

/** Chips for the ids a section cites; `sources` fetches what they stand for. Null where it cites none. */
export function references(ids, sources) {
  if (!ids?.length) return null;
  return h("span", { class: "references" }, ids.map((id) => chip(id, sources)));
}

function chip(id, sources) {
  const button = h("button", { type: "button", class: "reference", "data-act": `source-${id}`, "aria-label": isNotes(id) ? "Your own notes" : `Source ${id}` }, id);
  return explain(button, async () => {
    const [source] = await sources.cited(new Set([id]));
    return source ? sourceBody(source, partsOf(await sources.shown()).get(keyOf(source))) : [h("p", {}, "This source is no longer kept.")];
  });
}
