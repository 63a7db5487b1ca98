/** Tells the server that the editor was opened and how long somebody really worked in it. */

import { tell } from "../events.js";

const IDLE_MS = 60_000;
const BEAT_MS = 60_000;
const WORTH_MS = 1000;
const MOST_MS = 300_000;

/** Time between signs of life counts, up to a minute; a hidden page does not. */
export function countActiveTime(sessionId) {
  let last = Date.now();
  let active = 0;
  const alive = () => {
    const now = Date.now();
    active += Math.min(now - last, IDLE_MS);
    last = now;
  };
  const rest = () => { last = Date.now(); };
  const count = (keepalive = false) => {
    if (active < WORTH_MS) return;
    tell("builder_active", { sessionId, metadata: { activeTime: Math.min(Math.round(active), MOST_MS) }, keepalive });
    active = 0;
  };
  for (const name of ["keydown", "pointerdown", "pointermove", "scroll"]) addEventListener(name, alive, { passive: true });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") return rest();
    alive();
    return count(true);
  });
  setInterval(() => count(), BEAT_MS);
  tell("builder_opened", { sessionId });
}
