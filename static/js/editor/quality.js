/** How good the outline is by its score, part by part, and what would help; what can be done for the author is one click. */

import { get } from "../api.js";
import { find, h, s, setText } from "../dom.js";
import { PARTS, inTenths } from "../quality-parts.js";
import { qualityWord } from "../words.js";

const AFTER_MS = 600;
const MOST_SHOWN = 6;

export class QualityPanel {
  #drawn = "";
  #timer = null;
  #asked = 0;

  /** `apply(hint, button)` does what the server offers; `goTo(place)` leads to where a hint is about. */
  constructor(path, { apply, goTo }) {
    Object.assign(this, { path, apply, goTo });
  }

  draw({ quality, version }) {
    if (!quality) return;
    const signature = JSON.stringify([version, quality]); // another version can have the same figures and need other fixes
    if (signature === this.#drawn) return;
    this.#drawn = signature;
    setText(find("[data-quality-score]"), `${quality.score} · ${quality.grade ?? qualityWord(quality.score)}`);
    find("[data-parts]").replaceChildren(...Object.entries(PARTS).map(([name, [words]]) => partRow(words, quality.parts[name] ?? 0, quality.maxima[name])));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), AFTER_MS);
  }

  /** What a hint offers, worked out on what the server has now, with the version that is. Raises where it offers it no more. */
  async fixFor({ part, sectionId, fix }) {
    const { body } = await get(`${this.path}/quality`);
    const hint = body.hints.find((one) => one.part === part && one.sectionId === sectionId && one.fix?.label === fix.label);
    if (hint) return { version: body.sessionVersion, fix: hint.fix };
    this.#drawHints(body.hints);
    find("#quality-title").focus();
    throw new Error("This does not fit what you wrote meanwhile. The list shows what does.");
  }

  async #ask() {
    const asked = ++this.#asked;
    const answer = await get(`${this.path}/quality`).catch(() => null); // the next save asks again
    if (answer && asked === this.#asked) this.#drawHints(answer.body.hints);
  }

  #drawHints(hints) {
    find("[data-hints]").replaceChildren(...hints.slice(0, MOST_SHOWN).map((hint) => this.#item(hint)));
    find("[data-no-hints]").hidden = hints.length > 0;
  }

  #item(hint) {
    const { message, sectionId, fix } = hint;
    const gain = fix && Math.round(fix.gain);
    return h("li", { class: "hint-row" },
      h("span", { dir: "auto" }, message),
      h("span", { class: "actions" },
        gain > 0 && h("span", { class: "small quiet figures" }, `+${gain}`),
        fix && h("button", { type: "button", class: "button small", "data-fix": true, onclick: (event) => this.apply(hint, event.currentTarget) }, fix.label),
        !fix && sectionId && h("button", { type: "button", class: "link small", "aria-label": `Show the section: ${message}`, onclick: () => this.goTo({ section: sectionId }) }, "Show")));
  }
}

function partRow(words, points, most) {
  const share = most ? Math.max(0, Math.min(1, points / most)) : 0;
  return h("li", { class: "part" }, h("span", {}, words),
    s("svg", { class: "part-bar", "aria-hidden": "true", viewBox: "0 0 100 6", preserveAspectRatio: "none" }, s("rect", { width: 100, height: 6, class: "part-most" }), s("rect", { width: share * 100, height: 6, class: "part-has" })),
    h("span", { class: "figures small quiet" }, `${inTenths(points)} of ${most}`));
}
