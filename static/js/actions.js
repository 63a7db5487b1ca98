/** What an author can do on the generation page. A button that is being served is disabled; what fails is said beside it. */

import { call, post } from "./api.js";
import { reasonForm } from "./rejecting.js";
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
    choose: (card, button) => ask(button, "Choosing …", async () => {
      const answer = await post(`${path}/variants/${card.number}/select`);
      document.dispatchEvent(new CustomEvent("variant-chosen", { detail: card.variant }));
      location.assign(`/sessions/${answer.body.id}/`);
    }),
    ask: (card) => {
      card.question = reasonForm(card.id, {
        set: (reason, button) => ask(button, "Setting aside …", async () => {
          await post(`${path}/variants/${card.number}/reject`, reason ? { reason } : {});
          view.rejected.add(card.number);
          answered(card, "undo");
        }),
        leave: () => answered(card, "reject"),
      });
      redraw();
      focusOn(card, "reason-0");
    },
    takeBack: (card, button) => ask(button, "Undoing …", async () => {
      await call("DELETE", `${path}/variants/${card.number}/reject`);
      view.rejected.delete(card.number);
      answered(card, "reject");
    }),
  };

  /** Like `attempt`; where the server says that it stands otherwise by now, the page looks again. */
  function ask(button, meanwhile, action) {
    return attempt(button, meanwhile, () => action().catch((error) => {
      if (error.status === 409) poller.restart();
      throw error;
    }));
  }

  /** The question is over; what is next has the focus, unless the author is somewhere else by now. */
  function answered(card, next) {
    const here = document.activeElement === document.body || card.element.contains(document.activeElement);
    card.question = null;
    redraw();
    if (here) focusOn(card, next);
  }
}

function focusOn(card, act) {
  card.element.querySelector(`[data-act="${act}"]`)?.focus({ preventScroll: true });
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
