/** Watches one resource until it says it has ended: conditional requests, the server's own pace, patience when it is gone. */

import { ApiError, get, NetworkError } from "./api.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 10_000;

export class Poller {
  #etag = null;
  #timer = null;
  #misses = 0;
  #stopped = false;
  #asking = false;

  /** `onBody(body, skew)` returns whether to go on; `onLost(error, misses)` and `onBack()` tell of trouble; `onEnd(error)` of refusals. */
  constructor(path, { onBody, onLost, onBack, onEnd }) {
    Object.assign(this, { path, onBody, onLost, onBack, onEnd });
    this.wake = () => this.now();
    window.addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
  }

  /** Ask now rather than at the next turn. */
  now() {
    if (this.#stopped || document.hidden) return;
    clearTimeout(this.#timer);
    void this.#turn();
  }

  /** Start over, for example after a retry gave the resource new work. */
  restart() {
    this.#stopped = false;
    this.now();
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #turn() {
    if (this.#asking) return;
    this.#asking = true;
    const { answer, wait } = await this.#ask().finally(() => {
      this.#asking = false;
    });
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#turn(), wait);
    if (answer?.body && !this.onBody(answer.body, answer.skew)) this.stop(); // what goes wrong in here is no trouble of the line
  }

  async #ask() {
    try {
      const answer = await get(this.path, this.#etag ? { "If-None-Match": this.#etag } : {});
      this.#recovered();
      this.#etag = answer.etag ?? this.#etag;
      return { answer, wait: (answer.retryAfter ?? FIRST_WAIT_MS / 1000) * 1000 };
    } catch (error) {
      if (!(error instanceof ApiError || error instanceof NetworkError)) throw error;
      return { wait: this.#trouble(error) };
    }
  }

  #recovered() {
    if (this.#misses) this.onBack();
    this.#misses = 0;
  }

  #trouble(error) {
    if (error instanceof ApiError && !error.temporary) {
      this.stop();
      this.onEnd(error);
      return 0;
    }
    this.#misses += 1;
    this.onLost(error, this.#misses);
    const backoff = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#misses - 1));
    return error.retryAfter ? Math.max(backoff, error.retryAfter * 1000) : backoff;
  }
}
