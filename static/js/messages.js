/** What happened, what is safe, what to do now: the notices above the cards. */

import { h } from "./dom.js";
import { plural } from "./words.js";

/** The notice for the state a generation is in, or null. `acts` are retry and offline, each given its button; `links` has brief. */
export function messageFor(generation, acts, links) {
  switch (generation.state) {
    case "failed": return failed(generation, acts, links);
    case "cancelled": return cancelled(generation, acts, links);
    case "partial": return partial(generation);
    default: return generation.mode === "legacy_fallback" ? fallback(generation, acts) : null;
  }
}

function failed(generation, acts, links) {
  return notice("bad", "No outline could be written", [
    generation.error?.message ?? "Something on our side went wrong; it has been recorded.",
    "Your brief is safe. Nothing was replaced by something else without telling you.",
  ], [
    act("retry", "Retry", acts.retry, "primary"),
    generation.writer !== "offline" && act("offline", "Make an offline draft", acts.offline),
    h("a", { class: "button plain", href: links.brief }, "Change the brief"),
  ], generation.writer === "offline" ? "" : "An offline draft is composed from an activity library, without AI, in about a second.");
}

function cancelled(generation, acts, links) {
  const ready = generation.variants.filter((variant) => variant.state === "ready").length;
  const kept = ready ? `${plural(ready, "version was", "versions were")} ready and you can still choose.` : "Nothing was written. Your brief is safe.";
  return notice("", "You cancelled this", [kept], [
    act("retry", ready ? "Write the missing ones" : "Write outlines after all", acts.retry, ready ? "" : "primary"),
    h("a", { class: "button plain", href: links.brief }, "Change the brief"),
  ]);
}

function partial(generation) {
  const missing = generation.variants.filter((variant) => variant.state === "failed").length;
  const them = missing === 1 ? "One version" : `${missing} versions`;
  return notice("warn", null, [`${them} could not be written. The others are complete; choose one, or retry on the card.`], []);
}

function fallback(generation, acts) {
  const done = generation.state === "succeeded";
  return notice("warn", done ? "One standard outline instead of four" : "Writing one standard outline instead", [
    "None of the four versions could be written, so you get the standard outline: one version, without your material.",
  ], done ? [act("retry", "Try the four again", acts.retry)] : []);
}

function notice(tone, title, sentences, actions, footnote = "") {
  return h("section", { class: `notice ${tone}` },
    title && h("h2", {}, title),
    sentences.map((sentence) => h("p", {}, sentence)),
    actions.length > 0 && h("div", { class: "actions" }, actions),
    footnote && h("p", { class: "small quiet" }, footnote));
}

function act(name, text, action, kind = "") {
  return h("button", { type: "button", class: `button ${kind}`, "data-act": name, onclick: (event) => action(event.currentTarget) }, text);
}
