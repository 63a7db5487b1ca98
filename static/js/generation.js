/** The generation page: watches one generation and shows what it has so far. A reload at any moment resumes. */

import { actionsFor } from "./actions.js";
import { Announcer } from "./announce.js";
import { hidesNames, nameOf, setBlind } from "./blind.js";
import { Card } from "./cards.js";
import { sayingConnection } from "./connection.js";
import { find, setText } from "./dom.js";
import { messageFor } from "./messages.js";
import { Poller } from "./poll.js";
import { Sources } from "./sources.js";
import { drawStages, isTerminal, stagesOf, startedAt } from "./stages.js";
import { Tray } from "./tray.js";
import { length, span } from "./words.js";

const NUMBERS = ["No", "One", "Two", "Three", "Four", "Five"];
const SKEW_WORTH_MINDING_MS = 2000;

const page = find("[data-generation]");
const path = `/api/generations/${page.dataset.generation}`;
const part = (name) => find(`[data-${name}]`, page);
const sources = new Sources(`${path}/sources`);
const announcer = new Announcer(part("announce"), (variant) => nameOf(variant, view.blind));
const tray = new Tray(part("tray"), sources);
const cards = new Map();
const view = { rejected: new Set(page.dataset.rejected.split(",").filter(Boolean).map(Number)) };
let latest = null;
let skew = 0;
let messageDrawn = "";

const poller = new Poller(path, {
  onBody(generation, serverSkew) {
    skew = Math.abs(serverSkew ?? 0) > SKEW_WORTH_MINDING_MS ? serverSkew : 0;
    show(generation);
    return !isTerminal(generation);
  },
  ...sayingConnection(() => poller.now()),
});
const acts = actionsFor(path, { view, poller, redraw: () => latest && show(latest) });

function show(generation) {
  const wasRunning = latest !== null && !isTerminal(latest);
  latest = generation;
  view.made = generation.session;
  view.blind = hidesNames(generation);
  view.compareUrl = readyOf(generation).length > 1 ? page.dataset.compare : null;
  drawStages(part("stages"), stagesOf(generation));
  tray.show(generation);
  drawHeading(generation);
  drawMessage(generation);
  drawCards(generation);
  drawCancel(generation);
  tick();
  announcer.tell(generation);
  if (wasRunning && isTerminal(generation)) document.dispatchEvent(new CustomEvent("generation-ended", { detail: generation }));
}

const readyOf = (generation) => generation.variants.filter((variant) => variant.state === "ready");

function drawHeading(generation) {
  const ready = readyOf(generation).length;
  const words = { failed: "No outlines this time", cancelled: ready ? "Stopped early" : "Cancelled" };
  const done = ready === 1 ? "Your outline is ready" : `${NUMBERS[ready]} outlines, each ${length(generation.brief.durationMinutes)}`;
  setText(part("heading"), isTerminal(generation) ? (words[generation.state] ?? done) : "Writing your outlines");
  part("compare-all").hidden = !view.compareUrl;
  part("blind").hidden = !view.blind;
  document.title = `${isTerminal(generation) ? part("heading").textContent : `${ready} of ${generation.variants.length} ready`} · Session Builder`;
}

function drawMessage(generation) {
  const signature = JSON.stringify([generation.state, generation.mode, generation.progress.events.length]);
  if (signature === messageDrawn) return;
  messageDrawn = signature;
  const message = messageFor(generation, acts, { brief: `${page.dataset.brief}?from=${generation.id}` });
  part("messages").replaceChildren(...(message ? [message] : []));
}

function drawCards(generation) {
  const host = part("cards");
  const failures = generation.variants.filter((variant) => variant.state === "failed").length;
  const shown = visible(generation);
  const wanted = shown.map((variant) => cardOf(variant.number).element);
  if (wanted.length !== host.children.length || wanted.some((element, index) => element !== host.children[index])) host.replaceChildren(...wanted);
  host.classList.toggle("single", shown.length === 1);
  for (const variant of shown) cardOf(variant.number).update(variant, generation, { ...view, failures, retryable: isTerminal(generation) });
}

function visible(generation) {
  if (generation.state === "failed") return [];
  const standard = generation.variants.filter((variant) => variant.number === 0);
  const others = generation.variants.filter((variant) => variant.number !== 0).sort((a, b) => a.position - b.position);
  const worthIt = standard.length ? others.filter((variant) => variant.state === "ready") : others;
  if (generation.state === "cancelled" && !generation.variants.some((variant) => variant.state === "ready")) return [];
  return [...standard, ...worthIt];
}

function cardOf(number) {
  if (!cards.has(number)) cards.set(number, new Card(number, acts, sources));
  return cards.get(number);
}

function drawCancel(generation) {
  const button = part("cancel");
  if (isTerminal(generation) && document.activeElement === button) find("#content").focus({ preventScroll: true });
  button.hidden = isTerminal(generation);
  if (isTerminal(generation)) button.disabled = false;
}

function tick() {
  if (!latest) return;
  const total = latest.metadata.processingTime;
  const since = isTerminal(latest) ? total : Date.now() + skew - startedAt(latest);
  setText(part("elapsed"), since === null || since === undefined ? "" : isTerminal(latest) ? span(since) : `${Math.max(0, Math.floor(since / 1000))} s`);
}

part("show-names").addEventListener("click", () => {
  setBlind(false);
  if (latest) show(latest);
  part("compare-all").focus();
});
part("cancel").addEventListener("click", (event) => acts.cancel(event.currentTarget));
setInterval(tick, 500);
poller.now();
