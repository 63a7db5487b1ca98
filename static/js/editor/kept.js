/** Unsaved work, kept in this browser until the server has it: one place per window, so that two windows lose nothing. */

import { newId } from "../ids.js";
import { store, tabStore } from "../store.js";

const TAB = "editor-tab";

export class Kept {
  constructor(sessionId) {
    this.prefix = `unsaved-${document.documentElement.dataset.user}-${sessionId}-`;
    this.key = this.prefix + newId();
  }

  /** Take this window's place, and return what an earlier visit could not save, or null. */
  async open() {
    const before = tabStore.get(TAB);
    if (before && (await isFree(this.prefix + before))) this.key = this.prefix + before;
    tabStore.set(TAB, this.key.slice(this.prefix.length));
    holdOn(this.key);
    return this.#read(this.key) ?? (await this.#leftBehind());
  }

  /** Whether it could be kept: not where storage is switched off or full. */
  keep(work) {
    return store.set(this.key, JSON.stringify(work)) !== null;
  }

  clear() {
    store.remove(this.key);
  }

  /** Work of a window that is no longer open; it moves here. */
  async #leftBehind() {
    for (const key of store.keys()) {
      if (!key.startsWith(this.prefix) || key === this.key || !(await isFree(key))) continue;
      const work = this.#read(key);
      store.remove(key);
      if (work) this.keep(work);
      if (work) return work;
    }
    return null;
  }

  #read(key) {
    try {
      return JSON.parse(store.get(key));
    } catch {
      return null;
    }
  }
}

/** Nobody holds the name. Where the browser has no locks, which needs a secure origin, nobody can tell; it counts as free. */
async function isFree(name) {
  if (!navigator.locks) return true;
  return !(await navigator.locks.query()).held.some((lock) => lock.name === name);
}

/** Keeps the name for as long as this window is open. */
function holdOn(name) {
  navigator.locks?.request(name, { ifAvailable: true }, () => new Promise(() => {}));
}
