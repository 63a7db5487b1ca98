/** Keeps the shown prompt in step with the label and the instruction while they are edited. */

const WAIT_MS = 300;
const FIELDS = ["label", "instruction"];

const shown = document.querySelector("[data-prompt-url]");
const note = document.querySelector("[data-note]");
let timer = 0;
let asked = 0;

async function refresh() {
  const mine = ++asked;
  const form = shown.closest("form");
  const body = new FormData();
  for (const name of ["csrfmiddlewaretoken", ...FIELDS]) body.set(name, form.elements[name].value);
  const answer = await fetch(shown.dataset.promptUrl, { method: "POST", body }).catch(() => null);
  if (mine !== asked) return;
  if (!answer?.ok) {
    note.textContent = "The prompt could not be brought up to date; it shows the words of a moment ago.";
    return;
  }
  shown.textContent = await answer.text();
  note.textContent = "An example brief with two example sources, with the words above.";
}

if (shown) {
  for (const name of FIELDS) {
    shown.closest("form").elements[name]?.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(refresh, WAIT_MS);
    });
  }
}
