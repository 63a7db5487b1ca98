/** Retrieved material: fetched once per generation, when somebody wants to see it. */

import { get } from "./api.js";
import { h } from "./dom.js";
import { ago, matchWords } from "./words.js";

const WHY_NOT = {
  duplicate: "says the same as another", document_limit: "enough from this document already",
  suspicious: "left out: it does not read like training material", avoided: "about a topic you left out", not_chosen: "not ticked",
};
const SHOWN = new Set(["kept", "chosen", "notes", "weak"]);

export class Sources {
  #loading = null;

  constructor(path) {
    this.path = path;
  }

  /** Every judged source of the generation, best first. Asks the server once; a failure may be tried again. */
  all() {
    this.#loading ??= get(this.path).then((answer) => answer.body.sources).catch((error) => {
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  }

  /** Those worth showing: used ones, and weak ones an author might still want. */
  async shown() {
    return (await this.all()).filter((source) => source.id && SHOWN.has(source.reason));
  }

  async cited(ids) {
    return (await this.all()).filter((source) => ids.has(source.id));
  }
}

/** Which part of a document each source is where several of its parts were found; by key, and only for those. */
export function partsOf(sources) {
  const documents = Map.groupBy(sources.filter((source) => source.docId), (source) => source.docId);
  return new Map([...documents.values()].filter((alike) => alike.length > 1).flatMap((alike) => alike.map((source, place) => [keyOf(source), `part ${place + 1} of ${alike.length} found`])));
}

/** What a source is called in a brief's choice. */
export const keyOf = (source) => `${source.docId}#${source.chunkId}`;

/** Fills `host` from `load()` the first time its <details> opens; says so when that fails. */
export function loadOnOpen(details, host, load) {
  details.addEventListener("toggle", async () => {
    if (!details.open || host.childElementCount) return;
    host.replaceChildren(h("p", { class: "small quiet" }, "Fetching …"));
    try {
      host.replaceChildren(sourceList(await load()));
    } catch {
      host.replaceChildren();
      details.open = false;
    }
  });
}

export function sourceList(sources) {
  if (!sources.length) return h("p", { class: "small quiet" }, "Nothing was found that fits.");
  return h("ul", { class: "sources" }, sources.map((source) => sourceItem(source, partsOf(sources).get(keyOf(source)))));
}

function sourceItem(source, part) {
  return h("li", { class: source.kept ? "source" : "source weak" }, sourceBody(source, part));
}

/** Title, facts and excerpt of a source; `part` tells it from others of the same document. */
export function sourceBody(source, part) {
  return [h("p", { class: "source-title", dir: "auto" }, source.title || source.id), ...sourceText(source, part)];
}

/** The same without the title. */
export function sourceText(source, part) {
  return [h("p", { class: "source-facts figures" }, factsOf(source, part)), h("p", { class: "source-excerpt", dir: "auto" }, source.excerpt)];
}

/** Whether a source is what its author wrote, not what was found. */
export const isNotes = (id) => id.startsWith("N");

/** Category, age, match in words and number, and why a source was left out where it was. */
export function factsOf(source, part) {
  if (source.id && isNotes(source.id)) return "your own notes";
  const facts = [part, source.category, source.updatedAt && ago(new Date(source.updatedAt)), matchWords(source), WHY_NOT[source.reason]];
  return facts.filter(Boolean).join(" · ");
}
