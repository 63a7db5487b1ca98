/** What an author can do on the generation page. A button that is being served is disabled; what fails is said beside it. */

import { post } from "./api.js";
import { clearTrouble, tellTrouble } from "./trouble.js";

/** The page's actions on the generation at `path`. */
export function actionsFor(path, { view, poller, redraw }) {
  return {
    cancel: (button) => attempt(button, "Cancelling …", async () => {
      await post(`${path}/cancel`);
      poller.now();
    }),
    retry: (button) => attempt(button, "Starting …", async () => {
      await post(`${path}/retry`);
      poller.restart();
    }),
    offline: (button) => attempt(button, "Starting …", async () => {
      const answer = await post(`${path}/offline-draft`);
      location.assign(`/generations/${answer.body.id}/`);
    }),
    choose: (card, button) => attempt(button, "Choosing …", async () => {
      const answer = await post(`${path}/variants/${card.number}/select`);
      document.dispatchEvent(new CustomEvent("variant-chosen", { detail: card.variant }));
      location.assign(`/sessions/${answer.body.id}/`);
    }),
    reject: (card, button) => attempt(button, "Not for me", async () => {
      await post(`${path}/variants/${card.number}/reject`);
      view.rejected.add(card.number);
      redraw();
      if (document.activeElement === document.body) card.element.querySelector("[data-act=reject]")?.focus({ preventScroll: true });
    }),
  };
}

/** Runs an action with its button disabled; what fails is said beside it. */
export async function attempt(button, meanwhile, action) {
  const words = button.textContent;
  clearTrouble(button.parentElement);
  button.disabled = true;
  button.textContent = meanwhile;
  try {
    await action();
  } catch (error) {
    button.disabled = false;
    button.textContent = words;
    button.focus({ preventScroll: true });
    tellTrouble(button.parentElement, error);
  }
}
