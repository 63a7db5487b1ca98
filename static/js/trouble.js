/** What became of an action that failed, said beside what was pressed. */

import { NetworkError } from "./api.js";
import { h } from "./dom.js";

/** A refusal in its own words; where no answer came, that nothing was changed. */
export const troubleWords = (error) => (error instanceof NetworkError || !error.message ? "The server could not be reached. Nothing was changed; try again." : error.message);

/** Says it at the end of `place`, instead of what was said there before; the paragraph that says it. */
export function tellTrouble(place, error) {
  clearTrouble(place);
  const told = h("p", { class: "error", role: "alert", "data-trouble": true }, troubleWords(error));
  place.append(told);
  return told;
}

export function clearTrouble(place) {
  for (const told of place.querySelectorAll("[data-trouble]")) told.remove();
}
