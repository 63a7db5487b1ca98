/** Talking to the API: session cookie and CSRF, the one error shape, and network trouble told apart from refusals. */

import { find } from "./dom.js";

const TIMEOUT_MS = 20_000;
const KEPT_ALIVE_CHARACTERS = 20_000; // browsers allow 64 KiB, and a character takes up to three bytes

/** The server answered, and said no. `fields` maps names of the input to sentences; `details` is what a 409 adds. */
export class ApiError extends Error {
  constructor(status, error, retryAfter) {
    super(error.message || `The server answered ${status}.`);
    this.status = status;
    this.code = error.code || "error";
    this.fields = error.fields || {};
    this.details = error.details || {};
    this.requestId = error.requestId || "";
    this.retryAfter = retryAfter;
  }

  /** Whether asking again later can help. */
  get temporary() {
    return this.status === 429 || this.status >= 500;
  }
}

/** No answer came: offline, refused, or too slow. */
export class NetworkError extends Error {}

/**
 * The answer as `{status, body, etag, retryAfter, skew}`; `skew` is the server's clock minus ours, in ms. With `keepalive`
 * a short request outlives the page.
 */
export async function call(method, path, { body, headers = {}, keepalive = false } = {}) {
  const response = await send(method, path, body, headers, keepalive);
  const retryAfter = Number(response.headers.get("Retry-After")) || null;
  const answer = response.status === 204 || response.status === 304 ? null : await json(response);
  if (!response.ok && response.status !== 304) throw new ApiError(response.status, answer?.error ?? {}, retryAfter);
  return { status: response.status, body: answer, etag: response.headers.get("ETag"), retryAfter, skew: skewOf(response) };
}

export const get = (path, headers) => call("GET", path, { headers });
export const post = (path, body, headers) => call("POST", path, { body: body ?? {}, headers });

async function send(method, path, body, headers, keepalive) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const all = { Accept: "application/json", ...headers };
  if (body !== undefined) all["Content-Type"] = "application/json";
  if (method !== "GET") all["X-CSRFToken"] = find("meta[name=csrf-token]").content;
  try {
    return await fetch(path, {
      method, headers: all, credentials: "same-origin", cache: "no-store",
      body: text, signal: AbortSignal.timeout(TIMEOUT_MS), keepalive: keepalive && (text ?? "").length < KEPT_ALIVE_CHARACTERS,
    });
  } catch (error) {
    throw new NetworkError("The server could not be reached.", { cause: error });
  }
}

async function json(response) {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function skewOf(response) {
  const date = Date.parse(response.headers.get("Date") ?? "");
  return Number.isNaN(date) ? null : date - Date.now();
}
