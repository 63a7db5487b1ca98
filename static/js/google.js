/** Google Analytics: two events. This module is part of a page only where staff configured a tag. */

import { find, h } from "./dom.js";

const CATEGORY = "Session Builder v2";

window.dataLayer = window.dataLayer ?? [];

function gtag() {
  window.dataLayer.push(arguments); // the tag reads arguments objects, not arrays
}

function send(name, label, value) {
  gtag("event", name, { event_category: CATEGORY, event_label: label, value });
}

/** A generation ended before our eyes: label rag or baseline, value the processing time in ms. */
document.addEventListener("generation-ended", ({ detail: generation }) => {
  const ready = generation.variants.filter((variant) => variant.state === "ready");
  if (!ready.length) return;
  const label = ready.some((variant) => variant.generationSource === "rag") ? "rag" : "baseline";
  send("variant_generation_complete", label, generation.metadata.processingTime);
});

/** An outline was chosen: label its name, value the weight of the author's material in percent. */
document.addEventListener("variant-chosen", ({ detail: variant }) => {
  send("variant_selected", variant.label, Math.round(variant.ragWeight * 100));
});

const id = find("meta[name=google-analytics-id]").content;
gtag("js", new Date());
gtag("config", id);
document.head.append(h("script", { async: true, src: `https://www.googletagmanager.com/gtag/js?id=${encodeURIComponent(id)}` }));
