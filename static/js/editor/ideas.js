/** Ideas an author keeps: sections put aside for another session. */

import { call, get, post } from "../api.js";
import { sectionOf } from "./plan.js";

/** Keep a section, as the server has it, as an idea; what to say about it comes back. */
export async function keepSection(desk, saver, id) {
  if (!(await saver.flush())) throw new Error(saver.unsavedWords);
  await post("/api/saved-ideas", { sessionId: desk.session.id, sectionId: id });
  return `“${sectionOf(desk.plan, id).title || "Untitled section"}” is among your ideas now. “Add from the library” finds it.`;
}

/** All of them, latest first. */
export async function savedIdeas() {
  const ideas = [];
  let cursor = "";
  do {
    const { body } = await get(`/api/saved-ideas?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    ideas.push(...body.results);
    cursor = body.nextCursor;
  } while (cursor);
  return ideas;
}

export const deleteIdea = (id) => call("DELETE", `/api/saved-ideas/${id}`);
