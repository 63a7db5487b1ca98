/** Brings an author's changes to the server: one write at a time, in order, again after trouble, never over another's. */

import { ApiError, call } from "../api.js";
import { differences, merged } from "./merge.js";
import { changesBetween, planOf, samePlan } from "./plan.js";

const PAUSE_MS = 700;
const LONGEST_WAIT_MS = 4000;
const OTHER_WINDOW = "From the other window";
const RETRY_MS = [1000, 2000, 4000, 8000, 15_000];

/**
 * `hooks`: `state({name, …})` whenever it changes (saved, waiting, saving, retrying, refused, conflict, closed, ended),
 * `session(session, others)` with each answer, where `others` are the plans before and after changes of another window,
 * `merged(units)` after such changes came in, `conflict(versions)` when both sides changed the same.
 */
export class Saver {
  #timer = null;
  #since = null;
  #failures = 0;
  #running = null;
  #stopped = false;
  #refused = false;

  constructor(path, session, kept, hooks) {
    Object.assign(this, { path, session, kept, hooks });
    this.plan = planOf(session);
    addEventListener("online", () => this.#failures && this.flush());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.flush({ keepalive: true }));
    addEventListener("beforeunload", (event) => this.isDirty && !this.isKept && event.preventDefault());
  }

  get isDirty() {
    return !samePlan(planOf(this.session), this.plan);
  }

  /** What to say of an action that needs everything saved, where it is not. */
  get unsavedWords() {
    const isStuck = this.#stopped || this.#refused;
    return isStuck ? "Your last changes are not saved. The line at the top of the page says why." : "Your last changes are not saved yet; try again in a moment.";
  }

  /** The plan as it is from now on; it is written once the author pauses. */
  change(plan) {
    this.plan = plan;
    this.#keep();
    if (!this.#stopped) this.#wait();
  }

  /** Write what is unsaved now; resolves to whether everything is saved. */
  async flush({ keepalive = false } = {}) {
    clearTimeout(this.#timer);
    if (this.#stopped) return false;
    return this.#run(() => (this.isDirty ? this.#write(keepalive) : this.#rest()));
  }

  /**
   * A write of another kind, such as fitting the minutes, on top of everything saved. `request(plan)` answers what to send,
   * `{method, suffix, body}`. Returns the session; raises what the server says.
   */
  async act(request) {
    if (!(await this.flush()) && !(await this.flush())) throw new Error(this.unsavedWords);
    return this.#run(async () => {
      const before = this.plan;
      try {
        const { method, suffix, body = {} } = await request(before);
        const answer = await call(method, `${this.path}${suffix}`, { body: { version: this.session.version, ...body } });
        if (answer.body?.outline) this.#adopt(answer.body, before);
        return answer.body;
      } catch (error) {
        if (!error.details?.current) throw error;
        this.#adopt(error.details.current, before, { fromOthers: true });
        throw new Error("This session was changed in another window; what changed is shown now. Try again.", { cause: error });
      }
    });
  }

  /** Look for changes of another window while there are none of our own; answers whether there were. */
  async refresh() {
    if (this.#running || this.#stopped || this.isDirty) return false;
    const before = this.plan;
    const answer = await call("GET", this.path).catch(() => null);
    if (!answer || answer.body.version <= this.session.version || this.#running || this.plan !== before) return false;
    this.#adopt(answer.body, before, { fromOthers: true });
    return true;
  }

  /** Go on after a conflict with this plan, on top of the server's session, which is kept as a named version. Raises what the server says to that. */
  async resolve({ session, base, theirs }, plan) {
    await this.#nameVersion(session.version);
    this.#stopped = false;
    this.session = session;
    this.plan = plan;
    this.hooks.session(session, { base, theirs });
    this.#keep();
    return this.flush();
  }

  /** Give a version a name so that it stays; one the author has named keeps that name. */
  async #nameVersion(number) {
    const { body } = await call("GET", `${this.path}/versions/${number}/diff?against=${number}`); // finds it however old it is
    if (body.earlier.name) return;
    await call("POST", `${this.path}/versions`, { body: { name: OTHER_WINDOW, number } });
  }

  /** One after the other. */
  async #run(work) {
    while (this.#running) await this.#running;
    let done;
    this.#running = new Promise((resolve) => { done = resolve; });
    try {
      return await work();
    } finally {
      this.#running = null;
      done();
    }
  }

  async #write(keepalive) {
    const sent = this.plan;
    const changes = changesBetween(planOf(this.session), sent);
    this.#since = null;
    this.#refused = false;
    this.hooks.state({ name: "saving" });
    try {
      const answer = await call("PATCH", this.path, { body: { version: this.session.version, ...changes }, keepalive });
      this.#failures = 0;
      this.#adopt(answer.body, sent, { quietly: true });
      return !this.isDirty;
    } catch (error) {
      return this.#trouble(error);
    }
  }

  /** Take the server's session as the new base. Where the author went on meanwhile, their changes go on top. */
  #adopt(session, before, { quietly = false, fromOthers = false } = {}) {
    const [base, theirs] = [planOf(this.session), planOf(session)];
    const goneOn = this.plan !== before;
    this.session = session;
    if (!quietly || !samePlan(theirs, before)) this.plan = goneOn ? merged(before, this.plan, theirs) : theirs;
    this.hooks.session(session, fromOthers ? { base, theirs } : null);
    this.#keep();
    if (!this.isDirty) this.#rest();
    else this.#wait();
  }

  #trouble(error) {
    this.#keep();
    if (!(error instanceof ApiError) || error.temporary) return this.#again(error);
    if (error.status === 409 && error.details.current) return this.#meet(error.details.current);
    const ended = [401, 403, 404, 409].includes(error.status);
    this.#stopped = ended;
    this.#refused = !ended;
    this.hooks.state({ name: ended ? "ended" : "refused", error });
    return false;
  }

  #again(error) {
    const wait = (error.retryAfter ?? 0) * 1000 || RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)];
    this.hooks.state({ name: "retrying", error, isKept: this.isKept });
    this.#schedule(wait);
    return false;
  }

  /** Somebody else wrote first. What does not touch is put together; where both changed the same, the author decides. */
  #meet(session) {
    if (session.state !== "draft") {
      this.#stopped = true;
      this.hooks.state({ name: "closed", session });
      return false;
    }
    const [base, theirs] = [planOf(this.session), planOf(session)];
    const units = differences(base, this.plan, theirs);
    if (units.some((unit) => unit.by === "both")) {
      this.#stopped = true;
      this.hooks.state({ name: "conflict" });
      this.hooks.conflict({ base, theirs, session });
      return false;
    }
    this.plan = merged(base, this.plan, theirs);
    this.session = session;
    const came = units.filter((unit) => unit.by === "theirs");
    if (came.length) this.hooks.merged(came);
    this.hooks.session(session, { base, theirs });
    return this.isDirty ? this.#write(false) : this.#rest();
  }

  /** Write after a pause, but not later than a few seconds from now. */
  #wait() {
    this.#since ??= Date.now();
    if (!this.#failures) this.hooks.state({ name: "waiting" });
    this.#schedule(Math.min(PAUSE_MS, this.#since + LONGEST_WAIT_MS - Date.now()));
  }

  #rest() {
    this.#since = null;
    this.kept.clear();
    this.hooks.state({ name: "saved", at: new Date(this.session.updatedAt ?? Date.now()) });
    return true;
  }

  #keep() {
    if (!this.isDirty) return;
    this.isKept = this.kept.keep({ version: this.session.version, base: planOf(this.session), plan: this.plan });
  }

  #schedule(wait) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), Math.max(0, wait));
  }
}
