/** The brief form as a brief and back. Names of controls are the names of the API's fields. */

import { Chips } from "./chips.js";
import { find, findAll, h } from "./dom.js";
import { knownZones, minutesBetween, nextDay, ownZone, plusMinutes, wallClock } from "./timing.js";

const TEXTS = ["desiredOutcome", "currentProblem", "title", "audienceName", "notes"];
const CHOICES = ["category", "sessionType", "language"];
const NUMBERS = ["groupSize", "audienceId", "toneId"];

export class BriefForm {
  constructor(form, onChange) {
    this.form = form;
    this.chips = findAll("[data-chips]", form).map((field) => new Chips(field, onChange));
    form.addEventListener("input", onChange);
    this.#control("timeZone").value = ownZone();
    this.#control("date").value = wallClock(new Date(Date.now() + 7 * 86_400_000).toISOString(), ownZone()).date;
    find("#zones", form).append(...knownZones().map((zone) => h("option", { value: zone })));
    for (const radio of findAll("[name=timing]", form)) radio.addEventListener("change", () => this.#timingChanged());
    for (const button of findAll("[data-minutes]", form)) button.addEventListener("click", () => this.#preset(button.dataset.minutes, onChange));
  }

  /** The brief as the API takes it: empty answers left out. */
  get brief() {
    const brief = {};
    for (const name of [...TEXTS, ...CHOICES]) add(brief, name, this.#value(name).trim());
    for (const name of NUMBERS) add(brief, name, this.#number(name));
    for (const chips of this.chips) add(brief, chips.name, chips.values);
    if (this.#control("online").checked) brief.online = true;
    return { ...brief, ...this.#times() };
  }

  set brief(brief) {
    for (const name of [...TEXTS, ...CHOICES, ...NUMBERS, "durationMinutes"]) if (brief[name] !== undefined && brief[name] !== null) this.#control(name).value = brief[name];
    for (const chips of this.chips) chips.values = brief[chips.name] ?? [];
    this.#control("online").checked = Boolean(brief.online);
    if (brief.timeZone) this.#control("timeZone").value = brief.timeZone;
    if (brief.startTime) this.#setClock(brief);
    this.#control("timing").value = brief.startTime ? "clock" : "length";
    this.#timingChanged();
  }

  /** Everything as typed, finished or not, for keeping. */
  get draft() {
    const plain = Object.fromEntries(new FormData(this.form).entries());
    return { plain, chips: Object.fromEntries(this.chips.map((chips) => [chips.name, chips.values])) };
  }

  /** Texts typed before this script was there, by name. */
  get typed() {
    return Object.fromEntries(TEXTS.map((name) => [name, this.#control(name)]).filter(([, control]) => control.value !== control.defaultValue).map(([name, control]) => [name, control.value]));
  }

  set draft({ plain, chips }) {
    for (const [name, value] of Object.entries(plain)) if (this.#control(name) && name !== "online") this.#control(name).value = value;
    this.#control("online").checked = plain.online === "on";
    for (const list of this.chips) list.values = chips[list.name] ?? [];
    this.#timingChanged();
  }

  /** Minutes as given, or between start and end; null while neither can be read. */
  get minutes() {
    return this.#byClock ? minutesBetween(this.#value("startTime"), this.#value("endTime")) : this.#number("durationMinutes") ?? null;
  }

  reset() {
    this.form.reset();
    for (const chips of this.chips) chips.values = [];
    this.#control("timeZone").value = ownZone();
    this.#timingChanged();
  }

  get #byClock() {
    return this.#value("timing") === "clock";
  }

  #control = (name) => this.form.elements.namedItem(name);
  #value = (name) => this.#control(name)?.value ?? "";

  #number(name) {
    const text = this.#value(name).trim();
    return text === "" ? undefined : Number(text);
  }

  /** Times are sent as the clocks of the named zone show them; the server knows that zone's rules. */
  #times() {
    if (!this.#byClock) return { durationMinutes: this.#number("durationMinutes") ?? null, timeZone: this.#zone };
    const [date, start, end] = ["date", "startTime", "endTime"].map(this.#value);
    const startTime = date && start ? `${date}T${start}` : "";
    const endTime = date && end ? `${end > start ? date : nextDay(date)}T${end}` : "";
    return { startTime, endTime, timeZone: this.#zone };
  }

  get #zone() {
    return this.#value("timeZone").trim() || "UTC";
  }

  #setClock(brief) {
    const { date, time } = wallClock(brief.startTime, brief.timeZone ?? "UTC");
    this.#control("date").value = date;
    this.#control("startTime").value = time;
    this.#control("endTime").value = plusMinutes(time, brief.durationMinutes);
  }

  #timingChanged() {
    for (const pane of findAll("div[data-timing]", this.form)) pane.hidden = pane.dataset.timing !== this.#value("timing");
  }

  #preset(minutes, onChange) {
    this.#control("durationMinutes").value = minutes;
    onChange();
  }
}

function add(brief, name, value) {
  if (value !== "" && value !== undefined && !(Array.isArray(value) && !value.length)) brief[name] = value;
}
