/** Setting an outline aside: what does not fit, in fixed reasons and the author's own words, both optional. */

import { find, findAll, h } from "./dom.js";

const REASONS = ["Misses the outcome", "Too little practice", "Does not suit my group", "The times do not work", "Too much like another"];
const LONGEST_WORDS = 300; // with every fixed reason it stays within what the API takes

/** The question in the foot of a card; `set(reason, button)` sets it aside, `leave()` closes the question. */
export function reasonForm(id, { set, leave }) {
  const keep = () => find("[data-act=set-aside]", form).disabled || leave(); // what is being sent is not taken back
  const form = h("form", { class: "card-foot reasons", "aria-label": "Set this outline aside", novalidate: true },
    h("fieldset", {},
      h("legend", {}, "What does not fit? ", h("span", { class: "optional" }, "optional")),
      h("div", { class: "reason-chips" }, REASONS.map((words, place) => h("label", {},
        h("input", { type: "checkbox", value: words, "data-act": `reason-${place}` }), h("span", {}, words))))),
    h("label", { class: "visually-hidden", for: `${id}-words` }, "In your own words"),
    h("input", { class: "input", id: `${id}-words`, maxlength: LONGEST_WORDS, dir: "auto", autocomplete: "off", placeholder: "In your own words", "data-act": "words" }),
    h("div", { class: "actions" },
      h("button", { class: "button", "data-act": "set-aside" }, "Set it aside"),
      h("button", { type: "button", class: "button plain", "data-act": "leave", onclick: keep }, "Keep it")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    set(reasonIn(form), find("[data-act=set-aside]", form));
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") event.stopPropagation(); // whoever begins to write on a chip means no shortcut of the page
    else if (!event.isComposing) keep();
  });
  return form;
}

/** What is ticked and written, as one text; empty where nothing is. */
function reasonIn(form) {
  const ticked = findAll("input:checked", form).map((input) => input.value);
  return [...ticked, find("[data-act=words]", form).value.trim()].filter(Boolean).join("; ");
}
