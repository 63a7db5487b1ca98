// A slider beside the percentage, and a sentence that says whom the change reaches, while it is being made.
// The page works without this file: the same sentence is shown before anything is saved.

const WAIT_MS = 250;

function slider(field) {
  const range = document.createElement("input");
  range.type = "range";
  range.min = "0";
  range.max = "100";
  range.step = "1";
  range.value = field.value;
  range.className = "max-w-2xl mt-2 w-full";
  range.setAttribute("aria-label", "Rollout, % of users");
  range.addEventListener("input", () => {
    field.value = range.value;
    field.dispatchEvent(new Event("input"));
  });
  field.addEventListener("input", () => {
    range.value = field.value;
  });
  return range;
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

function start() {
  const field = document.querySelector("input[data-rollout]");
  if (!field) return;
  const output = document.createElement("p");
  output.className = "mt-2";
  output.setAttribute("role", "status");
  field.after(slider(field), output);
  const url = document.querySelector("[data-rollout-preview]")?.dataset.rolloutPreview;
  const enabled = document.querySelector("input[name=enabled]");
  if (!url || !enabled) return;
  const refresh = previewer(url, field, enabled, output);
  field.addEventListener("input", refresh);
  enabled.addEventListener("change", refresh);
}

document.addEventListener("DOMContentLoaded", start);
