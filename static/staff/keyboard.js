// The theme makes some of its buttons of elements that no keyboard reaches: the menu and the filters. They become buttons.

const PRESSES = ["Enter", " "];
const MENU = "Menu";

function makeButton(element) {
  element.tabIndex = 0;
  element.setAttribute("role", "button");
  if (element.matches(".material-symbols-outlined")) element.setAttribute("aria-label", MENU);
  element.addEventListener("keydown", (event) => {
    if (event.target !== element || !PRESSES.includes(event.key)) return;
    event.preventDefault();
    element.click();
  });
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("span[x-on\\:click], a:not([href])[x-on\\:click]").forEach(makeButton);
});
