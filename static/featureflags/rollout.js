// A slider and the guide's steps beside the percentage, a sentence that says whom the change reaches while it is being
// made, and how many processes follow. The pages work without this file: all of it is said by the server, too.

const WAIT_MS = 250;
const FOLLOW_MS = 1000;
const FOLLOW_TIMES = 15;
const STEPS = ["0", "10", "50", "100"];

function slider(field) {
  const range = document.createElement("input");
  range.type = "range";
  range.min = "0";
  range.max = "100";
  range.step = "1";
  range.value = field.value;
  range.className = "flag-slider";
  range.setAttribute("aria-label", "Rollout, % of users, as a slider");
  range.addEventListener("input", () => set(field, range.value));
  field.addEventListener("input", () => {
    range.value = field.value;
  });
  return range;
}

function steps(field) {
  const row = document.createElement("div");
  row.className = "flag-steps";
  row.append(...STEPS.map((percentage) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "flag-step";
    button.textContent = `${percentage} %`;
    button.addEventListener("click", () => set(field, percentage));
    return button;
  }));
  return row;
}

function set(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input"));
}

function previewer(url, field, enabled, output) {
  let timer = 0;
  let asked = 0;
  async function ask() {
    asked += 1;
    const mine = asked;
    const query = new URLSearchParams({ percentage: field.value, enabled: String(enabled.checked) });
    const answer = await fetch(`${url}?${query}`, { credentials: "same-origin" });
    const body = await answer.json();
    if (mine === asked) output.textContent = body.sentence;
  }
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask().catch(() => { output.textContent = ""; }), WAIT_MS);
  };
}

function startPreview() {
  const field = document.querySelector("input[data-rollout]");
  if (!field) return;
  const output = document.createElement("p");
  output.className = "flag-preview";
  output.setAttribute("role", "status");
  field.after(slider(field), steps(field), output);
  const url = document.querySelector("[data-rollout-preview]")?.dataset.rolloutPreview;
  const enabled = document.querySelector("input[name=enabled]");
  if (!url || !enabled) return;
  const refresh = previewer(url, field, enabled, output);
  field.addEventListener("input", refresh);
  enabled.addEventListener("change", refresh);
}

// Asks again until every process follows, and no longer than a reader looks: an idle process may stay behind for hours.
async function follow(line) {
  for (let time = 0; time < FOLLOW_TIMES && line.dataset.settled !== "true"; time += 1) {
    await new Promise((resolve) => setTimeout(resolve, FOLLOW_MS));
    const answer = await fetch(line.dataset.propagation, { credentials: "same-origin" });
    if (!answer.ok) return;
    const body = await answer.json();
    if (line.textContent !== body.sentence) line.textContent = body.sentence;
    line.dataset.settled = String(body.settled);
  }
}

document.addEventListener("DOMContentLoaded", () => {
  startPreview();
  document.querySelectorAll("[data-propagation]").forEach((line) => { follow(line).catch(() => {}); });
});

// Once all is loaded: the admin's own script puts the focus on the first button of a new page, which here would confirm.
window.addEventListener("load", () => document.querySelector("[data-confirmation]")?.focus());
