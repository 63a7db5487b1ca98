// The page is whole without this file: it only says that something is on its way.

const board = document.getElementById("board");
document.querySelectorAll(".range").forEach((form) => {
  form.addEventListener("submit", () => board.setAttribute("aria-busy", "true"));
});
window.addEventListener("pageshow", () => board.removeAttribute("aria-busy"));

const form = document.getElementById("export");
const state = document.getElementById("export-state");
form?.addEventListener("submit", () => {
  state.textContent = "Your download has started; the browser shows how far it is. Reload this page to see its checksum.";
});
