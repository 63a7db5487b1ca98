/** Clock times of a plan, and the moment a date and a time of day name in some time zone. */

import { clock } from "../words.js";

const DAY_MS = 86_400_000;

/** A function from minutes since the start to `09:35`, or `0:35` where no start is set; with the zone where clocks change. */
export function clockOf(plan) {
  const start = Date.parse(plan.startsAt ?? "");
  if (Number.isNaN(start)) return (minutes) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
  const write = clocksChange(plan) ? withZone(plan.timeZone) : (moment) => clock(moment, plan.timeZone);
  return (minutes) => write(new Date(start + minutes * 60_000));
}

/** Whether clocks in the zone are put forward or back between the start and the planned end. */
export function clocksChange({ startsAt, timeZone, durationMinutes }) {
  const start = Date.parse(startsAt ?? "");
  if (Number.isNaN(start)) return false;
  return offsetAt(new Date(start), timeZone) !== offsetAt(new Date(start + durationMinutes * 60_000), timeZone);
}

function withZone(timeZone) {
  const written = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZoneName: "short", timeZone });
  return (moment) => written.format(moment);
}

/** `{date: "2026-12-03", time: "09:00"}` of a moment as clocks in the zone show it. */
export function wallTime(moment, zone) {
  const parts = Object.fromEntries(formatter(zone).formatToParts(moment).map(({ type, value }) => [type, value]));
  return { date: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
}

/** The moment clocks in the zone show that date and time, as ISO 8601 in UTC; in a gap of summer time the moment after it. */
export function momentOf(date, time, zone) {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  const matches = [-DAY_MS, DAY_MS].map((aside) => wanted - offsetAt(new Date(wanted + aside), zone));
  const exact = matches.find((moment) => moment + offsetAt(new Date(moment), zone) === wanted);
  return new Date(exact ?? Math.max(...matches)).toISOString().replace(".000Z", "Z");
}

export function isZone(zone) {
  try {
    return Boolean(formatter(zone));
  } catch {
    return false;
  }
}

function offsetAt(moment, zone) {
  const { date, time } = wallTime(moment, zone);
  return Date.parse(`${date}T${time}:00Z`) - Math.floor(moment.getTime() / 60_000) * 60_000;
}

function formatter(zone) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}
