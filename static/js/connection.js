/** Trouble between this page and the server, said where the progress is. */

import { ApiError } from "./api.js";
import { find, h } from "./dom.js";

/** What a poller is to call when an answer stays out, comes again, or never will. */
export const sayingConnection = (retryNow) => ({
  onLost: (error, misses) => say(connectionNotice(error, misses, retryNow)),
  onBack: () => say(h("div", { "data-connection": true, hidden: true })),
  onEnd: (error) => say(refusedNotice(error)),
});

const say = (notice) => find("[data-connection]").replaceWith(notice);

/** No answer, or not a useful one; we keep asking. */
function connectionNotice(error, misses, retryNow) {
  const lost = !(error instanceof ApiError);
  return frame("warn",
    h("p", {}, lost ? "The connection is lost. Your outlines are still being written; this page catches up as soon as it can." : "The server is busy. Your outlines are still being written; this page keeps asking."),
    misses > 2 && h("div", { class: "actions" }, h("button", { type: "button", class: "button small", onclick: retryNow }, "Try now")));
}

/** The server will not show this any more; asking again is of no use. */
function refusedNotice(error) {
  const login = `/login/?next=${encodeURIComponent(location.pathname)}`;
  if (error.status === 401 || error.status === 403) {
    return frame("warn", h("p", {}, "You are logged out. Your outlines are still being written."), h("div", { class: "actions" }, h("a", { class: "button primary", href: login }, "Log in to go on")));
  }
  if (error.status === 404) return frame("bad", h("p", {}, "This generation is no longer there."), h("p", {}, h("a", { href: "/" }, "Go to my sessions")));
  return frame("bad", h("p", {}, error.message));
}

function frame(tone, ...children) {
  return h("div", { class: `notice ${tone}`, "data-connection": true, role: "status" }, children);
}
