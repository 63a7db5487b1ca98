/** Sentences beside the fields they are about, and a summary that leads to each of them. */

import { find, findAll, h } from "./dom.js";

const LABELS = {
  desiredOutcome: "Desired outcome", currentProblem: "Current problem", specificTopics: "Topics", category: "Category", title: "Working title",
  sessionType: "Kind of session", audienceName: "Audience", audienceId: "Audience profile", groupSize: "People", toneId: "Tone", online: "Online",
  durationMinutes: "Minutes", startTime: "Start", endTime: "End", timeZone: "Time zone", notes: "Your own notes", avoidTopics: "Leave out", language: "Language",
  previewId: "Your material", chosenSources: "Your material",
};

/** Whether a session can be this long. */
export const isLength = (minutes) => Number.isInteger(minutes) && minutes >= 15 && minutes <= 480;

/** What can be said before asking the server, as the server would say it. */
export function check(brief, minutes) {
  const fields = {};
  const outcome = brief.desiredOutcome ?? "";
  if (!outcome) fields.desiredOutcome = ["Say what should change; it is what the outlines are built for."];
  else if (outcome.length < 20) fields.desiredOutcome = ["Use at least 20 characters, so that there is something to build on."];
  if (!brief.category) fields.category = ["Choose the category that comes closest."];
  if (minutes === null) fields[brief.startTime === undefined ? "durationMinutes" : "endTime"] = ["Say how long the session is."];
  else if (!isLength(minutes)) fields[brief.startTime ? "endTime" : "durationMinutes"] = ["Sessions are 15 to 480 whole minutes long."];
  if (brief.startTime === "") fields.startTime = ["Choose a date, or give only the length."];
  if (brief.groupSize !== undefined && !(brief.groupSize >= 1 && brief.groupSize <= 1000)) fields.groupSize = ["Between 1 and 1000 people."];
  return fields;
}

/** Shows `fields`, a map of names to sentences, and moves to the summary. */
export function showErrors(form, fields, message) {
  clearErrors(form);
  const unplaced = [];
  for (const [name, sentences] of Object.entries(fields)) if (!place(form, name, sentences)) unplaced.push(`${LABELS[name] ?? name}: ${sentences.join(" ")}`);
  const summary = find("[data-summary]", form);
  const links = Object.keys(fields).filter((name) => controlOf(form, name)).map((name) => h("li", {}, h("a", { href: `#${controlOf(form, name).id}` }, LABELS[name] ?? name)));
  summary.replaceChildren(h("p", {}, message), ...(links.length ? [h("ul", {}, links)] : []), ...unplaced.map((text) => h("p", {}, text)));
  summary.hidden = false;
  summary.focus();
}

export function clearErrors(form) {
  for (const error of findAll(".error", form)) error.hidden = true;
  for (const control of findAll("[aria-invalid]", form)) control.removeAttribute("aria-invalid");
  find("[data-summary]", form).hidden = true;
}

/** Takes back the sentence of a field the author is putting right. */
export function clearError(control) {
  const name = control.id.replace("-input", "");
  control.removeAttribute("aria-invalid");
  const error = document.getElementById(`${name}-error`);
  if (error) error.hidden = true;
}

function place(form, name, sentences) {
  const error = find(`#${CSS.escape(name)}-error`, form);
  if (!error || error.closest("[hidden]:not(.error)")) return false;
  error.textContent = sentences.join(" ");
  error.hidden = false;
  controlOf(form, name)?.setAttribute("aria-invalid", "true");
  return true;
}

const controlOf = (form, name) => find(`#${CSS.escape(name)}, #${CSS.escape(name)}-input`, form);
