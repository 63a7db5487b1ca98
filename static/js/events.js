/** Tells the server what happened in this page, for the figures of the product. */

import { call } from "./api.js";
import { newId } from "./ids.js";

/** Send one event; that it arrives is never something a person has to wait for or hear about. */
export function tell(type, { sessionId = null, metadata = {}, keepalive = false } = {}) {
  const event = { id: newId(), type, occurredAt: new Date().toISOString(), sessionId, metadata };
  call("POST", "/api/events", { body: { events: [event] }, keepalive }).catch(() => {});
}
