/** Ideas an author keeps: sections put aside for another session. */

import { call, get, post } from "../api.js";
import { sectionOf } from "./plan.js";

/** Keep a section, as the server has it, as an idea; what to say about it comes back. */
export async function keepSection(desk, saver, id) {
  if (!(await saver.flush())) throw new Error("Your last changes are not saved yet; try again in a moment.");
  await post("/api/saved-ideas", { sessionId: desk.session.id, sectionId: id });
  return `“${sectionOf(desk.plan, id).title || "Untitled section"}” is among your ideas now. “Add from the library” finds it.`;
}

export const savedIdeas = async () => (await get("/api/saved-ideas?limit=100")).body.results;

export const deleteIdea = (id) => call("DELETE", `/api/saved-ideas/${id}`);
