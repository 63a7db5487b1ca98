/** The line under the stages that says what became of the author's material, and shows it on demand. */

import { find, setText } from "./dom.js";
import { currentRun } from "./stages.js";
import { loadOnOpen } from "./sources.js";
import { plural } from "./words.js";

const WORDS = {
  ok: (count) => `See the ${plural(count, "source")} found`,
  category_relaxed: (count) => `See the ${plural(count, "source")} found; your category had none, so we looked in all`,
  weak_match: () => "Your material matched only weakly, so it is not used. See what was found",
};
const PLAIN = {
  no_match: "Nothing in your material matched this brief, so the outlines are written without it.",
  unavailable: "Your material could not be reached, so the outlines are written without it.",
  disabled: "No material is connected, so the outlines are written without it.",
};

export class Tray {
  constructor(details, sources) {
    this.details = details;
    this.summary = find("summary", details);
    this.line = find("[data-tray-line]");
    loadOnOpen(details, find("[data-tray-body]", details), () => sources.shown());
  }

  show(generation) {
    const state = generation.metadata.ragState ?? currentRun(generation).find((event) => event.stage === "sources")?.state;
    const legacy = generation.mode === "legacy";
    const words = WORDS[state];
    this.details.hidden = !words || legacy;
    this.line.hidden = Boolean(words) && !legacy;
    if (words) setText(this.summary, words(generation.metadata.ragSourcesFound));
    else setText(this.line, legacy ? "The standard outline is written without your material." : PLAIN[state] ?? "");
    for (const element of [this.summary, this.line]) element.classList.toggle("amber", ["weak_match", "unavailable"].includes(state) && !legacy);
  }
}
