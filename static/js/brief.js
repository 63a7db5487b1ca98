/** The brief page: help while writing, nothing lost, errors beside their fields. */

import { ApiError, post } from "./api.js";
import { BriefForm } from "./brief-form.js";
import { Coach } from "./coach.js";
import { answer, find, findAll, h, setText } from "./dom.js";
import { tell } from "./events.js";
import { EXAMPLES } from "./examples.js";
import { check, clearError, clearErrors, isLength, showErrors } from "./field-errors.js";
import { Preview, PreviewLost } from "./preview.js";
import { store, tabStore } from "./store.js";
import { length, plural } from "./words.js";

const SAVE_AFTER_MS = 400;
const element = find("form[data-brief]");
const draftKey = `brief-draft-${document.documentElement.dataset.user}`;
const form = new BriefForm(element, changed);
const coach = new Coach(find("[data-coach]"), find("[data-coach-score]"));
const preview = new Preview(find("[data-preview]"), keep);
const submit = find("[data-submit]");
let saveTimer = null;
let replaced = null;
let example = -1;

function changed(event) {
  if (event?.target?.id) clearError(event.target);
  draw();
  keep();
}

function keep() {
  clearTimeout(saveTimer);
  saveTimer = setTimeout(save, SAVE_AFTER_MS);
}

function save() {
  clearTimeout(saveTimer);
  saveTimer = null;
  store.set(draftKey, JSON.stringify(draft()));
  setText(find("[data-saved]"), "Kept in this browser");
}

const draft = () => ({ ...form.draft, ticks: preview.ticks });

function restore(kept) {
  form.draft = kept;
  preview.ticks = kept.ticks;
}

function draw() {
  const brief = form.brief;
  coach.update(brief);
  preview.update(brief);
  drawFacts(brief);
  for (const count of findAll("[data-count]")) drawCount(count);
  setText(find("[data-span]"), form.minutes === null ? "" : `That is ${length(form.minutes)}.`);
}

function drawFacts(brief) {
  const facts = [
    ["Length", isLength(form.minutes) ? length(form.minutes) : "–"], ["People", brief.groupSize ? plural(brief.groupSize, "person", "people") : "–"],
    ["Category", brief.category ?? "–"], ["Topics", brief.specificTopics?.length ? String(brief.specificTopics.length) : "–"],
  ];
  find("[data-facts]").replaceChildren(...facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", { class: "figures" }, value)]));
}

function drawCount(count) {
  const control = element.elements.namedItem(count.dataset.count);
  const used = control.value.length;
  setText(count, used > control.maxLength * 0.8 ? `${used} of ${control.maxLength}` : "");
}

async function send() {
  const brief = form.brief;
  const fields = check(brief, form.minutes);
  if (Object.keys(fields).length) {
    showErrors(element, fields, "Please look at these answers again. Everything you wrote is kept.");
    return;
  }
  clearErrors(element);
  save();
  busy(true);
  try {
    Object.assign(brief, await preview.choice());
    const answer = await post("/api/generations", brief, { "Idempotency-Key": keyFor(brief) });
    clearTimeout(saveTimer);
    saveTimer = null;
    store.remove(draftKey);
    tabStore.remove("brief-key");
    location.assign(`/generations/${answer.body.id}/`);
  } catch (error) {
    busy(false);
    if (error.fields?.previewId || error.fields?.chosenSources) void preview.look();
    showErrors(element, error.fields ?? {}, sentence(error));
  }
}

function busy(on) {
  submit.disabled = on;
  setText(submit, on ? "Sending …" : "Write outlines");
}

function sentence(error) {
  if (error instanceof PreviewLost) return "Your material cannot be reached, so your ticks cannot be used now. Wait a moment and send again, or start without ticks. Your brief is kept.";
  if (!(error instanceof ApiError)) return "The server could not be reached. Your brief is kept in this browser; send it again in a moment.";
  if (error.status === 401) return "You are logged out. Your brief is kept in this browser; log in and come back.";
  const later = error.retryAfter ? ` Try again in ${error.retryAfter} s.` : "";
  return Object.keys(error.fields).length ? "Please look at these answers again. Everything you wrote is kept." : `${error.message}${later} Your brief is kept.`;
}

/** The same brief sent again after a lost answer carries the same key, so that it is not written twice. */
function keyFor(brief) {
  const body = JSON.stringify(brief);
  const kept = JSON.parse(tabStore.get("brief-key") ?? "null");
  if (kept?.body === body) return kept.key;
  const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  tabStore.set("brief-key", JSON.stringify({ body, key }));
  return key;
}

function fillExample() {
  replaced = form.brief.desiredOutcome ? draft() : null;
  example = (example + 1) % EXAMPLES.length;
  reset();
  form.brief = EXAMPLES[example];
  clearErrors(element);
  changed();
  setText(find("[data-replaced-text]"), "An example is filled in; change what you like.");
  find("[data-replaced]").hidden = replaced === null;
  find("[data-restored]").hidden = true;
}

function undo() {
  restore(replaced);
  find("[data-replaced]").hidden = true;
  changed();
  find("#desiredOutcome").focus();
}

function reset() {
  form.reset();
  preview.ticks = {};
}

function startOver() {
  reset();
  store.remove(draftKey);
  clearErrors(element);
  find("[data-restored]").hidden = true;
  draw();
  find("#desiredOutcome").focus();
}

function begin() {
  const earlier = find("#earlier-brief");
  const kept = JSON.parse(store.get(draftKey) ?? "null");
  if (earlier) take(JSON.parse(earlier.textContent));
  else if (kept) {
    restore({ ...kept, plain: { ...kept.plain, ...form.typed } });
    find("[data-restored]").hidden = !form.brief.desiredOutcome;
  }
  if (element.dataset.startWithExample !== undefined) fillExample();
  draw();
}

function take(brief) {
  form.brief = brief;
  preview.chooseAgain(brief.chosenSources);
}

window.addEventListener("pagehide", () => saveTimer && save());
element.addEventListener("submit", (event) => {
  event.preventDefault();
  void send();
});
element.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
});
find("[data-example]").addEventListener("click", fillExample);
find("[data-undo]").addEventListener("click", undo);
find("[data-start-over]").addEventListener("click", startOver);
begin();
answer("main");
tell("builder_opened");
