// The theme makes some of its buttons of elements that no keyboard reaches: the menus and the filters. They become buttons.

const PRESSES = ["Enter", " "];
const MENU = "Menu";
const ELEMENTS = "span[x-on\\:click], a:not([href])[x-on\\:click], #nav-sidebar div.cursor-pointer[x-on\\:click]";
const OPENS = /^(\w+) = !\1\b/;

function makeButton(element) {
  element.tabIndex = 0;
  element.setAttribute("role", "button");
  if (element.matches(".material-symbols-outlined")) element.setAttribute("aria-label", MENU);
  element.querySelectorAll(".material-symbols-outlined").forEach((icon) => icon.setAttribute("aria-hidden", "true"));
  const opens = OPENS.exec(element.getAttribute("x-on:click"));
  if (opens) element.setAttribute("x-bind:aria-expanded", opens[1]);
  element.addEventListener("keydown", (event) => {
    if (event.target !== element || !PRESSES.includes(event.key)) return;
    event.preventDefault();
    element.click();
  });
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(ELEMENTS).forEach(makeButton);
});
