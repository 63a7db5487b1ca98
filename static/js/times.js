/** Turns the server's UTC times into the reader's words. */

import { findAll } from "./dom.js";
import { ago } from "./words.js";

export function localiseTimes() {
  for (const time of findAll("time[data-ago]")) time.textContent = ago(new Date(time.dateTime));
  for (const time of findAll("time[data-day]")) time.textContent = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" }).format(new Date(time.dateTime));
  for (const time of findAll("time[data-when]")) {
    time.textContent = new Intl.DateTimeFormat("en-GB", {
      weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit",
      timeZone: time.dataset.zone || undefined, timeZoneName: "short",
    }).format(new Date(time.dateTime));
  }
}
