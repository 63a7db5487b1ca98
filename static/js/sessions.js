/** My sessions: strips, local times, and duplicating without opening. */

import { ApiError, call } from "./api.js";
import { findAll, h } from "./dom.js";
import { drawPlacedStrips } from "./strip.js";
import { localiseTimes } from "./times.js";

async function duplicate(button) {
  button.disabled = true;
  try {
    const answer = await call("POST", `/api/sessions/${button.dataset.duplicate}/duplicate`, { body: {} });
    location.assign(`/sessions/${answer.body.id}/`);
  } catch (error) {
    button.disabled = false;
    const words = error instanceof ApiError ? error.message : "The server could not be reached. Nothing was changed; try again.";
    button.closest("li").append(h("p", { class: "error row-error", role: "alert" }, words));
  }
}

drawPlacedStrips();
localiseTimes();
for (const button of findAll("[data-duplicate]")) button.addEventListener("click", () => duplicate(button));
