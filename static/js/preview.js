/** The source tray of a brief: what the author's material has for it, found again when the brief changes, ticked or not. */

import { NetworkError, post } from "./api.js";
import { find, setText } from "./dom.js";
import { drawPreview, shortWords, spoken } from "./preview-view.js";
import { keyOf } from "./sources.js";

const PAUSE_MS = 1000;
const LONGEST_RETRY_S = 10;
const SHORTEST_OUTCOME = 20;
const ASKED_WITH = ["category", "desiredOutcome", "currentProblem", "specificTopics", "avoidTopics", "audienceId"];

/** The author's ticks rest on sources that can no longer be looked at. */
export class PreviewLost extends Error {}

const usedByItself = (source) => source.kept;

export class Preview {
  #ticks = new Map(); // only where the author decided otherwise than we would
  #wanted = null; // the sources an earlier brief had chosen, until they are found again
  #timer = null;
  #round = 0;

  /** `state` is waiting, looking, found or failed; `stale` while what was found is for an earlier wording. */
  constructor(host, onTick) {
    Object.assign(this, { host, onTick, state: "waiting", found: null, error: null, notes: "", answers: 0 });
    find("[data-preview-again]", host).addEventListener("click", () => void this.look());
    this.opener = find("[data-preview-open]");
    this.opener.addEventListener("click", () => this.open());
    host.addEventListener("input", (event) => event.target.dataset.key && this.#tick(event.target.dataset.key, event.target.checked));
  }

  /** Look again where the brief says something else than what was last asked. */
  update(brief) {
    this.notes = brief.notes ?? "";
    this.question = this.usesMaterial ? questionOf(brief) : null;
    clearTimeout(this.#timer);
    if (!this.question) {
      this.#round += 1;
      this.state = "waiting";
      this.found = null;
    } else if (this.question !== this.asked) {
      this.#timer = setTimeout(() => void this.look(), PAUSE_MS);
    }
    this.draw();
  }

  /** A standard outline is written without material; the server said which kind this author gets. */
  get usesMaterial() {
    return this.host.dataset.standard === undefined;
  }

  get stale() {
    return this.state !== "waiting" && this.question !== this.asked;
  }

  /** Ask now. Ends when the answer is shown; a newer question takes its place. */
  async look() {
    clearTimeout(this.#timer);
    const round = ++this.#round;
    Object.assign(this, { state: "looking", asked: this.question });
    this.draw();
    try {
      const { body } = await post("/api/sources/preview", JSON.parse(this.asked));
      if (round === this.#round) this.#take(body);
    } catch (error) {
      if (round === this.#round) this.#fail(error);
    }
  }

  #take(found) {
    Object.assign(this, { state: "found", found, error: null, answers: this.answers + 1 });
    if (this.#wanted) this.#tickAsBefore();
    this.draw();
    setText(find("[data-preview-said]", this.host), spoken(this));
  }

  #fail(error) {
    Object.assign(this, { state: "failed", error });
    this.draw();
    if (error.retryAfter) this.#timer = setTimeout(() => void this.look(), Math.min(error.retryAfter, LONGEST_RETRY_S) * 1000);
    else if (error instanceof NetworkError) window.addEventListener("online", () => void this.look(), { once: true });
  }

  get sources() {
    return this.found?.sources ?? [];
  }

  isTicked(source) {
    return this.#ticks.get(keyOf(source)) ?? usedByItself(source);
  }

  get chosen() {
    return this.sources.filter((source) => this.isTicked(source));
  }

  get touched() {
    return this.sources.some((source) => this.#ticks.has(keyOf(source)));
  }

  #tick(key, on) {
    const source = this.sources.find((each) => keyOf(each) === key);
    if (on === usedByItself(source)) this.#ticks.delete(key);
    else this.#ticks.set(key, on);
    this.draw();
    this.onTick();
  }

  #tickAsBefore() {
    for (const source of this.sources) if (this.#wanted.has(keyOf(source)) !== usedByItself(source)) this.#ticks.set(keyOf(source), !usedByItself(source));
    this.#wanted = null;
  }

  /** The author's ticks, to keep with the draft. */
  get ticks() {
    return Object.fromEntries(this.#ticks);
  }

  set ticks(ticks) {
    this.#ticks = new Map(Object.entries(ticks ?? {}));
    this.#wanted = null;
  }

  /** Tick what an earlier brief had chosen, as far as it is found again. */
  chooseAgain(chosen) {
    this.#wanted = chosen ? new Set(chosen) : null;
  }

  /** What goes with the brief: nothing where the author changed no tick. Raises PreviewLost where ticks cannot be kept. */
  async choice() {
    if (!this.#ticks.size || this.state === "waiting") return {};
    if (this.stale || this.state !== "found") await this.look();
    if (this.state !== "found" || this.found.ragState === "unavailable") throw new PreviewLost();
    return this.touched ? { previewId: this.found.previewId, chosenSources: this.chosen.map(keyOf) } : {};
  }

  open() {
    const details = find("details", this.host);
    if (!details.hidden) details.open = true;
    this.host.scrollIntoView({ block: "start" });
    (details.hidden ? this.host : find("summary", details)).focus({ preventScroll: true });
  }

  draw() {
    drawPreview(this);
    setText(this.opener, shortWords(this));
    this.opener.parentElement.hidden = this.state === "waiting";
  }
}

function questionOf(brief) {
  if (!(brief.desiredOutcome?.length >= SHORTEST_OUTCOME) || !brief.category) return null;
  return JSON.stringify(Object.fromEntries(ASKED_WITH.filter((name) => brief[name] !== undefined).map((name) => [name, brief[name]])));
}
