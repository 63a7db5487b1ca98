/** The stage line: which stages a generation has passed, from its own progress events, each with the time it took. */

import { h } from "./dom.js";
import { plural, span } from "./words.js";

export const TERMINAL = ["succeeded", "partial", "failed", "cancelled"];
export const isTerminal = (generation) => TERMINAL.includes(generation.state);

const WORTH_A_FIGURE_MS = 50;
const QUEUE_WORTH_SAYING_MS = 1500;
const FOUND = {
  ok: (count) => `${plural(count, "source")} found`,
  category_relaxed: (count) => `${plural(count, "source")} found, other categories too`,
  weak_match: () => "Only weak matches",
  no_match: () => "No matching material",
  unavailable: () => "Material not reachable",
  disabled: () => "Without your material",
};
const TROUBLE = ["weak_match", "unavailable"];

/** The events of the current run: a retry starts over with `queued`. */
export function currentRun(generation) {
  const events = generation.progress.events;
  const start = events.findLastIndex((event) => event.stage === "queued");
  return events.slice(Math.max(0, start));
}

/** When the current run began, ms since the epoch. */
export function startedAt(generation) {
  const [first] = currentRun(generation);
  return Date.parse(first?.at ?? generation.createdAt);
}

/** The stages as `{text, state, took?, bar?}`; state is todo, now, done, warn or failed. */
export function stagesOf(generation) {
  const events = currentRun(generation);
  const seen = (name) => events.find((event) => event.stage === name);
  const facts = { queued: seen("queued"), retrieving: seen("retrieving"), sources: seen("sources"),
    writing: seen("variant_started"), scoring: seen("scoring"), done: seen("done") };
  const withMaterial = generation.mode !== "legacy" || facts.sources;
  const stages = [...waiting(facts), ...(withMaterial ? material(facts) : []), writing(generation, events, facts), checking(facts)];
  return isTerminal(generation) ? ended(stages, generation) : stages;
}

function waiting({ queued, retrieving }) {
  if (!retrieving) return [{ text: "In line for a writer", state: "now" }];
  const took = between(queued, retrieving);
  return took > QUEUE_WORTH_SAYING_MS ? [{ text: "In line", state: "done", took }] : [];
}

function material({ retrieving, sources }) {
  const looking = { text: "Looking for your material", state: sources ? "done" : retrieving ? "now" : "todo", took: between(retrieving, sources) };
  if (!sources) return [looking];
  const text = (FOUND[sources.state] ?? FOUND.ok)(sources.count);
  return [looking, { text, state: TROUBLE.includes(sources.state) ? "warn" : "done" }];
}

function writing(generation, events, facts) {
  const shown = writingNow(generation);
  const ended = shown.filter((variant) => variant.state === "ready" || variant.state === "failed").length;
  const last = events.findLast((event) => event.stage === "variant_ready" || event.stage === "variant_failed");
  const finished = ended === shown.length && shown.length > 0;
  const what = shown.length === 1 ? one(finished) : finished ? `${shown.filter((variant) => variant.state === "ready").length} of ${shown.length} written` : `Writing ${ended} of ${shown.length}`;
  const complete = shown.every((variant) => variant.state === "ready");
  const state = finished ? (complete ? "done" : "warn") : facts.writing ? "now" : "todo";
  return { text: what, state, took: finished ? between(facts.writing, last) : null, bar: finished ? [] : shown.map(barOf) };
}

const one = (finished) => (finished ? "Standard outline written" : "Writing the standard outline");

function writingNow(generation) {
  const standard = generation.variants.filter((variant) => variant.number === 0);
  return standard.length ? standard : [...generation.variants].sort((a, b) => a.position - b.position);
}

const barOf = (variant) => (["ready", "failed"].includes(variant.state) ? variant.state : "open");

function checking({ scoring, done }) {
  return { text: "Checking times", state: !scoring ? "todo" : done ? "done" : "now", took: between(scoring, done), last: true };
}

function ended(stages, generation) {
  const reached = stages.map((stage) => (stage.state === "now" ? { ...stage, state: "todo" } : stage));
  if (generation.state === "cancelled") return [...reached.filter((stage) => stage.state !== "todo"), { text: "Cancelled", state: "failed" }];
  if (generation.state === "failed") return [...reached.filter((stage) => stage.state !== "todo" && !stage.last && !stage.bar), { text: "Not written", state: "failed" }];
  return [...reached.map((stage) => (stage.state === "todo" ? { ...stage, state: "done" } : stage)), { text: "Ready", state: "done" }];
}

function between(from, to) {
  return from && to ? Date.parse(to.at) - Date.parse(from.at) : null;
}

/** Draws the stages into `list`, leaving it alone when nothing changed. */
export function drawStages(list, stages) {
  const signature = JSON.stringify(stages);
  if (list.dataset.drawn === signature) return;
  list.dataset.drawn = signature;
  list.replaceChildren(...stages.map(stageItem));
}

function stageItem(stage) {
  return h("li", { class: "stage", "data-state": stage.state, "aria-current": stage.state === "now" ? "step" : null },
    stage.bar?.length > 1 && h("span", { class: "stage-bar", "aria-hidden": "true" }, stage.bar.map((on) => h("i", { "data-on": on }))),
    h("span", {}, stage.text),
    stage.took >= WORTH_A_FIGURE_MS && h("span", { class: "stage-time" }, span(stage.took)));
}
