/** What belongs to the session as a whole: title, summary, when it is, how long, what it is about. */

import { find, setText } from "../dom.js";
import { length } from "../words.js";
import { clocksChange, isZone, momentOf, wallTime } from "./clock.js";
import { same } from "./plan.js";

const SHOWN = ["title", "date", "time", "timeZone", "durationMinutes", "category", "sessionType", "audienceName", "groupSize", "desiredOutcome", "summary"];
const DEVICE_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export class Details {
  constructor(desk) {
    this.desk = desk;
    this.box = find("[data-details]");
    const on = (id, event, act) => find(`#${id}`).addEventListener(event, act);
    on("title", "input", () => this.#setTitle());
    on("title", "keydown", (event) => event.key === "Enter" && event.preventDefault()); // one line, however many it takes to show
    on("summary", "input", () => desk.changeSummary(this.#value("summary")));
    for (const id of ["desiredOutcome", "audienceName"]) on(id, "input", () => desk.changeField(id, this.#value(id), "Change of the brief", id));
    on("groupSize", "change", () => this.#setPeople());
    on("durationMinutes", "change", () => this.#setMinutes());
    on("timeZone", "change", () => this.#setStart());
    for (const id of ["date", "time"]) on(id, "change", () => this.#setStart());
    for (const id of ["category", "sessionType"]) on(id, "change", () => desk.changeField(id, this.#value(id), "Change of the details"));
    on("no-date", "click", () => desk.changeField("startsAt", null, "Removal of the date"));
    find("#zones").append(...Intl.supportedValuesOf("timeZone").map((zone) => new Option(zone, zone)));
  }

  draw() {
    const { plan } = this.desk;
    const start = plan.startsAt ? wallTime(new Date(plan.startsAt), plan.timeZone) : { date: "", time: this.#value("time") || "09:00" };
    const values = { ...plan, ...start, summary: plan.outline.summary, durationMinutes: String(plan.durationMinutes), groupSize: String(plan.groupSize ?? "") };
    for (const id of SHOWN) {
      const input = find(`#${id}`);
      if (!same(input.value, values[id])) input.value = values[id];
    }
    this.#say("title", plan.title.trim() ? "" : "A session needs a title; the last one is kept until there is another.");
    find("#no-date").hidden = !plan.startsAt;
    setText(find("[data-when-words]"), whenInWords(plan));
    this.#hint(hintOf(plan));
    document.title = `${plan.title || "Untitled session"} · Session Builder`;
    setText(find("[data-heading]"), `Edit: ${plan.title || "Untitled session"}`);
  }

  /** Open and put the focus on one of the fields. */
  focus(id) {
    const input = find(`#${id}`);
    if (this.box.contains(input)) this.box.open = true;
    input.focus();
    input.scrollIntoView({ block: "center" });
  }

  #setTitle() {
    this.desk.changeField("title", this.#value("title").replace(/\s+/g, " "), "Change of the title", "title");
  }

  #setMinutes() {
    const minutes = Number(this.#value("durationMinutes"));
    const fits = Number.isInteger(minutes) && minutes >= 15 && minutes <= 480;
    this.#say("durationMinutes", fits ? "" : "Sessions are 15 to 480 whole minutes long.");
    if (fits) this.desk.changeField("durationMinutes", minutes, "Change of the length");
  }

  #setPeople() {
    const people = Number(this.#value("groupSize"));
    if (Number.isInteger(people) && people >= 1 && people <= 1000) this.desk.changeField("groupSize", people, "Change of the group");
    else this.draw();
  }

  #setStart() {
    const zone = this.#value("timeZone").trim();
    this.#say("timeZone", isZone(zone) ? "" : "This is not a time zone; choose one from the list.");
    if (!isZone(zone)) return;
    const [date, time] = [this.#value("date"), this.#value("time")];
    this.desk.changeStart(date && time ? momentOf(date, time, this.#zoneFor(zone)) : this.desk.plan.startsAt, this.#zoneFor(zone));
  }

  /** A first date in a session that is still on UTC means this device's clock. */
  #zoneFor(zone) {
    return !this.desk.plan.startsAt && zone === "UTC" && this.desk.plan.timeZone === "UTC" ? DEVICE_ZONE : zone;
  }

  #hint(sentence) {
    const hint = find("#date-hint");
    hint.hidden = !sentence;
    setText(hint, sentence);
  }

  #say(id, sentence) {
    const error = find(`#${id}-error`);
    error.hidden = !sentence;
    setText(error, sentence);
    find(`#${id}`).setAttribute("aria-invalid", String(Boolean(sentence)));
  }

  #value(id) {
    return find(`#${id}`).value;
  }
}

/** What an author may not have meant or known about the date; empty where there is nothing. */
export function hintOf(plan, now = Date.now()) {
  const past = plan.startsAt && Date.parse(plan.startsAt) < now ? "This date is in the past." : "";
  return [past, clocksChange(plan) && "The clocks change during this session; times are given with their zone."].filter(Boolean).join(" ");
}

function whenInWords(plan) {
  const facts = [length(plan.durationMinutes)];
  if (plan.startsAt) {
    facts.unshift(new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: plan.timeZone }).format(new Date(plan.startsAt)));
    facts.push(plan.timeZone);
  } else {
    facts.unshift("No date yet");
  }
  return facts.join(" · ");
}
