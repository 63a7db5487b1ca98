// From a brief to a chosen outline with the REST API: node outlines.mjs http://localhost:8000 TOKEN
import { setTimeout as sleep } from "node:timers/promises";

const [base, token] = process.argv.slice(2);
const ended = ["succeeded", "partial", "failed", "cancelled"];

async function call(method, url, body, headers = {}) {
  const answer = await fetch(url, {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...headers },
    body: body && JSON.stringify(body),
  });
  if (answer.ok || answer.status === 304) return answer;
  const { error } = await answer.json();
  throw new Error(`${error.code}: ${error.message} (request ${error.requestId})`);
}

const brief = {
  category: "Prospecting",
  sessionType: "workshop",
  durationMinutes: 90,
  desiredOutcome: "Book five qualified appointments a week with a short phone script",
};
// The key makes the request safe to repeat: the same key and brief give the same generation.
const asked = await call("POST", `${base}/api/generations`, brief, { "Idempotency-Key": crypto.randomUUID() });
let generation = await asked.json();
let wait = Number(asked.headers.get("Retry-After"));
let etag = "";
const url = base + generation.statusUrl;

while (!ended.includes(generation.state)) {
  await sleep(wait * 1000);
  const answer = await call("GET", url, undefined, etag ? { "If-None-Match": etag } : {});
  wait = Number(answer.headers.get("Retry-After") ?? wait);
  if (answer.status === 304) continue; // nothing has changed
  etag = answer.headers.get("ETag");
  generation = await answer.json();
  console.log(`${generation.progress.percent} % ${generation.progress.message}`);
}

const ready = generation.variants.filter((variant) => variant.state === "ready");
const best = ready.reduce((one, other) => (other.quality.score > one.quality.score ? other : one));
const session = await (await call("POST", `${url}/variants/${best.number}/select`, {})).json();
console.log(`Chosen: ${session.title} (${best.quality.score} of 100)`);
