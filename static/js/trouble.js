/** What became of an action that failed, said beside what was pressed. */

import { NetworkError } from "./api.js";
import { h } from "./dom.js";

const UNREACHED = "The server could not be reached. Nothing was changed; try again.";

/** A refusal in its own words; where no answer came, or a part of the page did not load, that nothing was changed. */
export const troubleWords = (error) => (error instanceof NetworkError || error instanceof TypeError || !error.message ? UNREACHED : error.message);

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
