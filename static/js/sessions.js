/** My sessions: strips, local times, and duplicating without opening. */

import { call } from "./api.js";
import { answer, findAll } from "./dom.js";
import { drawPlacedStrips } from "./strip.js";
import { localiseTimes } from "./times.js";
import { tellTrouble } from "./trouble.js";

async function duplicate(button) {
  button.disabled = true;
  try {
    const answer = await call("POST", `/api/sessions/${button.dataset.duplicate}/duplicate`, { body: {} });
    location.assign(`/sessions/${answer.body.id}/`);
  } catch (error) {
    button.disabled = false;
    tellTrouble(button.closest("li"), error).classList.add("row-error");
  }
}

drawPlacedStrips();
localiseTimes();
for (const button of findAll("[data-duplicate]")) button.addEventListener("click", () => duplicate(button));
answer("main");
