/** The compare page: the versions of one generation side by side, to choose from and to mix. */

import { attempt } from "./actions.js";
import { post } from "./api.js";
import { hidesNames, isBlind, setBlind } from "./blind.js";
import { drawColumns } from "./compare-columns.js";
import { FEWEST, drawLanes, markLaneInView } from "./compare-lanes.js";
import { rowsOf } from "./compare-rows.js";
import { sayingConnection } from "./connection.js";
import { find, h, setText } from "./dom.js";
import { Mix } from "./mix.js";
import { Poller } from "./poll.js";
import { Sources } from "./sources.js";
import { isTerminal } from "./stages.js";
import { tabStore } from "./store.js";
import { closeOrphan } from "./tip.js";
import { plural, whatItIs } from "./words.js";

const page = find("[data-compare]");
const path = `/api/generations/${page.dataset.compare}`;
const part = (name) => find(`[data-${name}]`, page);
const hiddenKey = `compare-hidden-${page.dataset.compare}`;
const mix = new Mix(part("mixed"), page.dataset.compare, () => draw());
const view = {
  generation: null,
  made: null,
  session: null,
  sources: new Sources(`${path}/sources`),
  hidden: new Set(JSON.parse(tabStore.get(hiddenKey) ?? "[]")),
  acts: { choose, take },
  toggle,
};
let drawn = "";

const poller = new Poller(path, {
  onBody(generation) {
    view.generation = generation;
    make(generation.session);
    draw();
    return !isTerminal(generation);
  },
  ...sayingConnection(() => poller.now()),
});

/** Take over which session was made of the outlines; an answer from before the choice takes it back no more. */
function make(made) {
  if (!made) return;
  const isNew = view.made?.id !== made.id;
  view.made = made;
  if (isNew) mix.open(made.id).catch((error) => mix.complain(error));
}

function draw() {
  if (!view.generation) return;
  const { session } = mix;
  const closed = view.made && !view.made.acceptsChoice ? view.made : session && session.state !== "draft" ? session : null;
  Object.assign(view, { session, closed, blind: hidesNames({ ...view.generation, session: view.made }) });
  const versions = versionsOf(view.generation);
  view.longest = Math.max(...versions.map(({ outline }) => outline.sections.reduce((sum, section) => sum + section.minutes, 0)), 1);
  const signature = JSON.stringify([versions.map(({ variant, hidden }) => [variant, hidden]), view.blind, view.made, view.session?.version, view.session?.state]);
  drawWords(versions);
  if (signature === drawn) return;
  const first = !drawn;
  drawn = signature;
  page.toggleAttribute("data-blind", view.blind);
  part("several").hidden = versions.length < FEWEST;
  if (versions.length < FEWEST) return;
  drawLanes(part("lanes"), versions, view);
  const shown = versions.filter((each) => !each.hidden);
  drawColumns(part("columns"), shown, rowsOf(shown.map(({ outline }) => outline)), view);
  closeOrphan();
  markLaneInView(part("columns"), part("lanes"));
  if (first) goToWanted();
}

/** The ready versions in the order of their cards; the chosen one as it stands in the session by now. */
function versionsOf(generation) {
  const ready = generation.variants.filter((variant) => variant.state === "ready").sort((a, b) => a.position - b.position);
  const left = ready.filter((variant) => !view.hidden.has(variant.number)).length;
  return ready.map((variant) => {
    const chosen = variant.number === view.made?.variantNumber;
    const mixed = chosen && mix.session;
    return { variant, chosen, outline: mixed ? mixed.outline : variant.outline, sources: mixed ? keptSources(mixed) : view.sources, hidden: left >= FEWEST && view.hidden.has(variant.number) };
  });
}

/** A session keeps its own excerpts; they stand in for the generation's. */
const keptSources = ({ sources }) => ({ cited: async (ids) => sources.filter((source) => ids.has(source.id)), shown: async () => sources });

function drawWords(versions) {
  const running = !isTerminal(view.generation);
  setText(part("heading"), versions.length > 1 ? `${plural(versions.length, "outline")} side by side` : "Nothing to compare yet");
  setText(part("lead"), running ? (versions.length > 1 ? "The others join as soon as they are written." : "Outlines appear here once two are written.") : versions.length > 1 ? "" : "There is only one outline, or none. Go back to see it or to write the others.");
  part("blind-box").checked = isBlind();
  part("blind-field").hidden = view.made !== null || view.generation.variants.length < 2;
  setText(part("mix-words"), mixWords());
}

function mixWords() {
  if (view.made === null) return "Choose one first; then you can take single sections from the others into it.";
  if (view.closed) return "Your session is no longer a draft. Take it back to a draft there to go on mixing.";
  return "You can take single sections from the others into your session. Choosing another replaces its outline; what is there now stays among its versions.";
}

function choose(variant, button) {
  return attempt(button, "Choosing …", async () => {
    const wasBlind = view.blind;
    const { body } = await post(`${path}/variants/${variant.number}/select`).catch(lookAgain);
    document.dispatchEvent(new CustomEvent("variant-chosen", { detail: variant }));
    view.made = { id: body.id, state: body.state, variantNumber: body.variantNumber, acceptsChoice: true };
    await mix.open(body.id);
    tellChoice(variant, wasBlind);
  });
}

/** Where the server says that it stands otherwise by now. */
function lookAgain(error) {
  if (error.status === 409) poller.restart();
  throw error;
}

function tellChoice(variant, wasBlind) {
  const name = wasBlind ? `You chose ${variant.label}: ${whatItIs(variant, view.generation.writer)}.` : `${variant.label} is your session now.`;
  const notice = h("div", { class: "notice good", tabindex: "-1" }, h("p", {}, name),
    h("div", { class: "actions" }, h("a", { class: "button primary", href: `/sessions/${view.made.id}/` }, "Open the session"), h("span", { class: "small quiet" }, "or take single sections from the others first")));
  part("mixed").replaceChildren(notice);
  notice.focus();
}

/** Said above the columns, not beside the button: they are drawn anew with the session. */
async function take(variant, place, button) {
  button.disabled = true;
  try {
    await mix.take(variant, place);
  } catch (error) {
    mix.complain(error);
  } finally {
    button.disabled = false;
  }
}

function toggle(number, on) {
  if (on) view.hidden.delete(number);
  else view.hidden.add(number);
  tabStore.set(hiddenKey, JSON.stringify([...view.hidden]));
  draw();
}

function goToWanted() {
  const wanted = /^#version-[1-4]$/.test(location.hash) && find(location.hash);
  if (wanted) wanted.scrollIntoView({ block: "nearest", inline: "start" });
}

part("blind-box").addEventListener("change", (event) => {
  setBlind(event.currentTarget.checked);
  draw();
});
part("full").addEventListener("change", (event) => page.toggleAttribute("data-full-text", event.currentTarget.checked));
poller.now();
