/** What every page has: appearance, the account menu, single-key shortcuts. */

import { answer, find, findAll } from "./dom.js";
import { store } from "./store.js";

const DESTINATIONS = { n: "/briefs/new/", s: "/" };

function setUpThemes() {
  const chosen = store.get("theme") ?? "system";
  for (const radio of findAll("[data-theme-switch] input")) {
    radio.checked = radio.value === chosen;
    radio.addEventListener("change", () => setTheme(radio.value));
  }
}

function setTheme(theme) {
  if (theme === "system") {
    store.remove("theme");
    delete document.documentElement.dataset.theme;
  } else {
    store.set("theme", theme);
    document.documentElement.dataset.theme = theme;
  }
}

function setUpMenu() {
  const menu = find("[data-menu]");
  if (!menu) return;
  document.addEventListener("click", (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    find("summary", menu).focus();
  });
}

function setUpShortcuts() {
  const sheet = find("#shortcuts");
  if (!sheet) return;
  const single = find("[data-single-keys]", sheet);
  single.checked = store.get("single-keys") !== "off";
  single.addEventListener("change", () => store.set("single-keys", single.checked ? "on" : "off"));
  find("[data-open-shortcuts]")?.addEventListener("click", () => {
    find("[data-menu]").open = false;
    sheet.showModal();
  });
  document.addEventListener("keydown", (event) => {
    if (!isPlainKey(event)) return;
    if (event.key === "?" && !sheet.open) sheet.showModal();
    else if (!single.checked || sheet.open) return;
    else if (DESTINATIONS[event.key] && find(`.masthead a[href="${DESTINATIONS[event.key]}"]`)) location.assign(DESTINATIONS[event.key]);
    else if (pressed(event.key)) event.preventDefault();
    else if (/^[1-4]$/.test(event.key)) findAll("[data-card]")[Number(event.key) - 1]?.focus();
  });
}

/** Clicks what the page gave this key to, where it is there to be clicked. */
function pressed(key) {
  const target = findAll("[data-shortcut]").find((each) => each.dataset.shortcut === key && each.checkVisibility());
  target?.click();
  return Boolean(target);
}

function isPlainKey(event) {
  const typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  return !typing && !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented;
}

setUpThemes();
setUpMenu();
setUpShortcuts();
answer(".masthead");
