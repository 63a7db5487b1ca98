/** Clock times in a named zone, without a library. */

const MINUTE = 60_000;

/** Minutes from one `HH:MM` to another; past midnight counts as the next day. Null when one is missing. */
export function minutesBetween(start, end) {
  const [from, to] = [start, end].map(minuteOfDay);
  if (from === null || to === null) return null;
  return to > from ? to - from : to - from + 24 * 60;
}

/** `HH:MM` plus minutes. */
export function plusMinutes(time, minutes) {
  const at = (minuteOfDay(time) + minutes) % (24 * 60);
  return `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
}

function minuteOfDay(time) {
  const match = /^(\d\d):(\d\d)/.exec(time ?? "");
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

/** The day after, as `YYYY-MM-DD`. */
export const nextDay = (date) => new Date(Date.parse(`${date}T12:00:00Z`) + 24 * 60 * MINUTE).toISOString().slice(0, 10);

/** The date and time clocks in `zone` show at an instant, as `{date, time}`. */
export function wallClock(iso, zone) {
  const shown = new Date(Date.parse(iso) + offset(Date.parse(iso), zone)).toISOString();
  return { date: shown.slice(0, 10), time: shown.slice(11, 16) };
}

function offset(at, zone) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, hourCycle: "h23", dateStyle: "short", timeStyle: "medium" }).formatToParts(at);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const shown = Date.parse(`${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}Z`);
  return Math.round((shown - at) / MINUTE) * MINUTE;
}

export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
export const knownZones = () => Intl.supportedValuesOf?.("timeZone") ?? [];
