/** A session to read and hand over: strips, local times, exports for whom, and what can be done with it next. */

import { call } from "./api.js";
import { answer, find, findAll, setText } from "./dom.js";
import { drawPlacedStrips } from "./strip.js";
import { localiseTimes } from "./times.js";
import { clearTrouble, tellTrouble } from "./trouble.js";

const page = find("[data-session]");
const path = `/api/sessions/${page.dataset.session}`;
const version = Number(page.dataset.version);
const NEXT = {
  unpublish: async () => {
    await call("POST", `${path}/unpublish`, { body: { version } });
    location.assign(`/sessions/${page.dataset.session}/`);
  },
  archive: async () => {
    await call("POST", `${path}/archive`, { body: { version } });
    location.assign("/");
  },
  delete: async () => {
    await call("DELETE", `${path}?version=${version}`);
    location.assign("/?archived");
  },
  duplicate: async () => {
    const answer = await call("POST", `${path}/duplicate`, { body: {} });
    location.assign(`/sessions/${answer.body.id}/`);
  },
};

function chooseAudience(audience) {
  page.dataset.audience = audience;
  for (const link of findAll("[data-format]")) {
    const address = new URL(link.href);
    address.searchParams.set("audience", audience);
    link.href = address.pathname + address.search;
  }
}

async function attempt(button, action) {
  clearTrouble(button.parentElement);
  button.disabled = true;
  try {
    await action();
  } catch (error) {
    tellTrouble(button.parentElement, error);
  } finally {
    button.disabled = false;
  }
}

async function rate(form) {
  const score = Number(new FormData(form).get("score"));
  if (!score) {
    setText(find("[data-rated]"), "Choose 1 to 5 first.");
    return;
  }
  const comment = find("#comment").value.trim();
  await call("PUT", `${path}/rating`, { body: comment ? { score, comment } : { score } });
  setText(find("[data-rated]"), `Rated ${score} of 5. Thank you.`);
}

drawPlacedStrips();
localiseTimes();
for (const radio of findAll("[name=audience]")) radio.addEventListener("change", () => chooseAudience(radio.value));
for (const button of findAll("[data-act]")) button.addEventListener("click", () => attempt(button, NEXT[button.dataset.act]));
find("[data-ask-delete]")?.addEventListener("click", () => find("#delete").showModal());
find("[data-print]").addEventListener("click", () => print());
find("[data-rating]")?.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(find("button", event.currentTarget), () => rate(event.target));
});
chooseAudience(find("[name=audience]:checked").value);
answer("main");
