/** The sources a section rests on, as chips that open to their excerpts, and the others it could cite. */

import { h } from "../dom.js";
import { keyOf, partsOf, sourceText } from "../sources.js";

export class SourceChips {
  #drawn = "";

  constructor(change) {
    this.change = change;
    this.element = h("div", { class: "field source-chips", role: "group", "aria-label": "Sources" });
  }

  draw(section, sources) {
    const signature = JSON.stringify([section.sourceIds, sources.map((source) => source.id)]);
    if (signature === this.#drawn) return;
    this.#drawn = signature;
    this.parts = partsOf(sources);
    const cited = sources.filter((source) => section.sourceIds.includes(source.id));
    const others = sources.filter((source) => !section.sourceIds.includes(source.id));
    this.element.hidden = !sources.length;
    this.element.replaceChildren(...[
      h("span", { class: "label" }, "Rests on"),
      cited.length ? h("ul", { class: "chip-list" }, cited.map((source) => this.#chip(source, "Do not cite it here", section.sourceIds.filter((id) => id !== source.id)))) : h("p", { class: "small quiet" }, "No source."),
      others.length > 0 && h("details", { class: "disclosure" }, h("summary", { class: "small" }, "Cite another source"),
        h("ul", { class: "chip-list" }, others.map((source) => this.#chip(source, "Cite it here", [...section.sourceIds, source.id])))),
    ].filter(Boolean));
  }

  #chip(source, words, ids) {
    return h("li", {}, h("details", { class: "source-chip" },
      h("summary", { dir: "auto" }, source.title || source.id),
      h("div", { class: "source-card" },
        sourceText(source, this.parts.get(keyOf(source))),
        h("button", { type: "button", class: "link small", onclick: () => this.change(ids) }, words))));
  }
}
