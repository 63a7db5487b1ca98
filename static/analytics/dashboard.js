// The page is whole without this file: it says that something is on its way, and shows how far a download is.

const board = document.getElementById("board");
const busy = () => board.setAttribute("aria-busy", "true");
document.querySelectorAll(".range").forEach((form) => form.addEventListener("submit", busy));
document.querySelectorAll(".range a").forEach((link) => link.addEventListener("click", busy));
window.addEventListener("pageshow", () => board.removeAttribute("aria-busy"));

const evidence = document.getElementById("evidence");
if (evidence) fetchEvidence(document.getElementById("evidence-state"));

// An unusual range: the page is here at once, and what takes longer comes after it.
async function fetchEvidence(told) {
  told.textContent = "The evidence of this range is being computed. Everything else is here.";
  const pending = [...document.querySelectorAll("[data-pending]")];
  const before = pending.map((part) => part.textContent);
  pending.forEach((part) => (part.textContent = "being computed"));
  try {
    const answer = await fetch(evidence.href);
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.querySelector("[data-evidence]")) throw new Error("another page came, such as the one to log in");
    for (const part of document.querySelectorAll("[data-evidence]")) {
      part.replaceWith(page.querySelector(`[data-evidence="${part.dataset.evidence}"]`) ?? part);
    }
    told.textContent = "The evidence of this range was computed just now.";
  } catch {
    pending.forEach((part, index) => (part.textContent = before[index]));
    evidence.textContent = "Try again";
    told.replaceChildren("The evidence of this range could not be computed. ", evidence);
  }
}

const form = document.getElementById("export");
const state = document.getElementById("export-state");
const progress = document.getElementById("export-progress");
const stop = document.getElementById("export-stop");
const submit = form?.querySelector("[type=submit]");

const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const leaving = new AbortController();
  stop.onclick = () => leaving.abort();
  working(true);
  let bytes = 0;
  try {
    const answer = await fetch(`${form.action}?${new URLSearchParams(new FormData(form))}`, { signal: leaving.signal });
    if (!answer.ok) throw new Error((await answer.json()).error.message);
    const parts = [];
    for (const reader = answer.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      bytes += value.length;
      state.textContent = `${size(bytes)} so far`;
    }
    save(new Blob(parts, { type: answer.headers.get("Content-Type") }), name(answer));
    state.textContent = await proof(answer.headers.get("X-Export-Id"), bytes).catch(
      () => `Saved ${size(bytes)}. Its checksum could not be read; the list of exports has it.`,
    );
  } catch (error) {
    state.textContent = leaving.signal.aborted
      ? `Stopped after ${size(bytes)}; nothing was saved.`
      : `The download broke off after ${size(bytes)}, and nothing was saved: ${error.message}`;
  } finally {
    working(false);
  }
});

function working(on) {
  progress.hidden = stop.hidden = !on;
  submit.disabled = on;
  if (on) state.textContent = "Waiting for the first rows";
}

function name(answer) {
  return /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"))?.[1] ?? "export";
}

function save(file, filename) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = filename;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function proof(id, bytes) {
  const answer = await fetch(`${form.getAttribute("data-manifest")}?id=${id}`);
  if (!answer.ok) throw new Error(answer.statusText);
  const manifest = await answer.json();
  return `Saved ${manifest.rowCount} rows, ${size(bytes)}. SHA-256 ${manifest.sha256}`;
}
