/** Fills in a demo account; only loaded on development machines. */

import { answer, find, findAll } from "./dom.js";

for (const button of findAll("[data-demo]")) {
  button.addEventListener("click", () => {
    find("input[name=username]").value = button.dataset.demo;
    find("input[name=password]").value = button.closest("[data-demo-password]").dataset.demoPassword;
    find("form.panel button").focus();
  });
}
answer("main");
