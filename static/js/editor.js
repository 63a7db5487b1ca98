/** The editor of a draft: puts its parts together. What is edited lives in the desk, what is saved in the saver. */

import { ApiError } from "./api.js";
import { answer, find, h, setText } from "./dom.js";
import { Desk } from "./editor/desk.js";
import { Details } from "./editor/details.js";
import { countActiveTime } from "./editor/events.js";
import { Kept } from "./editor/kept.js";
import { differences, merged } from "./editor/merge.js";
import { PlanList } from "./editor/plan-list.js";
import { blankSection, planOf, samePlan } from "./editor/plan.js";
import { QualityPanel } from "./editor/quality.js";
import { Readiness } from "./editor/readiness.js";
import { Rewriting } from "./editor/rewriting.js";
import { Saver } from "./editor/saver.js";
import { SectionForm } from "./editor/section-form.js";
import { SavedState, Top } from "./editor/top.js";
import { clearTrouble, tellTrouble } from "./trouble.js";
import { plural } from "./words.js";

const session = JSON.parse(find("#session-data").textContent);
const path = `/api/sessions/${session.id}`;
const kept = new Kept(session.id);
const leftOver = await kept.open();
const savedState = new SavedState();
const announce = (words) => setText(find("[data-announce]"), words);

const desk = new Desk(session, {
  draw,
  announce,
  changed: (plan) => {
    find("[data-note]").hidden = true;
    forgetRefusal();
    saver.change(plan);
  },
  selected: (id, open) => open && !isBeside() && form.focus(null),
  left: (id) => (id ? list.focus(id) : find("[data-add-activity]").focus()),
  offerUndo: (words) => note(words, "Undo", () => desk.undo()),
});
const saver = new Saver(path, session, kept, {
  state: (state) => savedState.draw(state, announce),
  session: (fresh, others) => {
    forgetRefusal();
    desk.adopt(fresh, saver.plan, others);
  },
  merged: (units) => note(`Changes from another window were put in: ${plural(units.length, "part")}. Yours are kept.`),
  conflict: meetConflict,
});
const details = new Details(desk);
const top = new Top(desk);
const rewriting = new Rewriting(desk, saver, act);
const form = new SectionForm(find("[data-form]"), desk, {
  swap: (id, button) => openLibrary(button, id),
  keep: keepIdea,
  rewriting: (id) => rewriting.place(id),
});
const list = new PlanList(find("[data-plan]"), desk);
const readiness = new Readiness(desk, goTo);
const quality = new QualityPanel(path, { apply: (hint, button) => attempt(button, () => applyFix(hint), find(".panel.quality")), goTo });

desk.fit = (button) => attempt(button, () => act("POST", "/balance", {}, "Fitting the minutes"));

function draw() {
  details.draw();
  top.draw();
  list.draw();
  form.draw();
  readiness.draw(desk.session.readiness);
  quality.draw(desk.session);
}

/** A write on the server that is also a step to take back. */
function act(method, suffix, body, what) {
  return actOn(() => ({ method, suffix, body }), what);
}

/** Like `act`, with the request worked out once everything is saved. */
async function actOn(request, what) {
  let before;
  const answer = await saver.act((plan) => {
    before = plan; // with what another window changed until now, which is not to be taken back
    return request();
  });
  if (what && !samePlan(before, desk.plan)) desk.history.record(before, what);
  draw();
  return answer;
}

/** Do it once however often the button is pressed meanwhile; `place` is where trouble is said. */
async function attempt(button, action, place = button.parentElement) {
  if (button.hasAttribute("aria-disabled")) return null;
  clearTrouble(place);
  button.setAttribute("aria-disabled", "true");
  try {
    return await action();
  } catch (error) {
    tellTrouble(place, error);
    return null;
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

/** Lead to where something is put right: a field of the session, a field of a section, the library, or the fit button. */
function goTo({ field, section, name, fit, add, brief }) {
  if (field) details.focus(field);
  else if (brief) details.focus(desk.plan.desiredOutcome.trim().length < 20 ? "desiredOutcome" : "audienceName");
  else if (fit) top.fit.focus();
  else if (add) find("[data-add-activity]").focus();
  else if (section) {
    desk.select(section);
    form.focus(name ?? "title");
  }
}

/** Both windows changed the same. Until it is decided nothing is saved, and the line at the top leads back here. */
async function meetConflict(versions, trouble = "") {
  sayConflict(versions);
  announce("This session was changed in another window. Choose what to keep.");
  const asking = await import("./editor/conflict.js").catch(() => null);
  if (!asking) {
    sayConflict(versions, { unloaded: true });
    return;
  }
  const mine = desk.plan;
  const plan = await asking.askConflict(differences(versions.base, mine, versions.theirs), { ...versions, mine }, trouble);
  if (!plan) return;
  try {
    await saver.resolve(versions, plan);
    desk.history.record(merged(versions.base, mine, versions.theirs), "Your version before the choice");
    draw();
    if (document.activeElement === document.body) form.focus(null); // what led to the choice is gone
  } catch (error) {
    await meetConflict(versions, `${error.message} Nothing was changed; choose again.`);
  }
}

/** At the top, with the way to the choice; that button keeps the focus where it was pressed. */
function sayConflict(versions, { unloaded = false } = {}) {
  const place = find("[data-saved]");
  const pressed = place.contains(document.activeElement);
  savedState.draw({ name: "conflict", unloaded, isKept: saver.isKept, choose: () => meetConflict(versions) }, announce);
  if (pressed) find("button", place).focus();
  if (unloaded) announce(place.textContent);
}

function note(words, label = null, action = null) {
  const place = find("[data-note]");
  place.replaceChildren(h("span", {}, words), ...(label ? [h("button", { type: "button", class: "link", onclick: () => action() }, label)] : []));
  place.hidden = false;
  announce(words);
}

const isBeside = () => matchMedia("(min-width: 60.01rem)").matches;

function openLibrary(button, swapFor = null) {
  return attempt(button, async () => {
    const { Library } = await import("./editor/library.js");
    new Library(desk, { act, note }).open(swapFor);
  });
}

function openVersions(button) {
  return attempt(button, async () => {
    const { Versions } = await import("./editor/versions.js");
    new Versions(desk, saver, act, note).open();
  });
}

function keepIdea(id, button) {
  return attempt(button, async () => {
    const { keepSection } = await import("./editor/ideas.js");
    note(await keepSection(desk, saver, id));
  });
}

/** Do what a hint offers, worked out anew on what is saved; the list is drawn anew afterwards, so the focus goes to its heading. */
async function applyFix(hint) {
  let fix;
  const answer = await actOn(async () => {
    const { version, fix: found } = await quality.fixFor(hint);
    fix = found;
    return { method: fix.method, suffix: fix.url.slice(path.length), body: { ...fix.body, version } };
  }, hint.fix.label);
  const shown = answer.outline.sections.find((section) => fix.url.includes(section.id));
  if (shown) desk.select(shown.id);
  find("#quality-title").focus();
  note(`Done: ${fix.label}.`, "Undo", () => desk.undo());
}

async function publish(button) {
  await attempt(button, async () => {
    try {
      await saver.act(() => ({ method: "POST", suffix: "/publish" }));
      location.reload();
    } catch (error) {
      if (!(error instanceof ApiError) || !error.details.readiness) throw error;
      desk.session = { ...desk.session, readiness: error.details.readiness };
      draw();
      find("#readiness-title").focus();
      throw new Error("Not yet: the points above are still open.");
    }
  });
}

/** Why it was not published is about what was, and what was has changed. */
function forgetRefusal() {
  find(".publish-bar [data-trouble]")?.remove();
}

function onKey(event) {
  const command = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (!command || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const name = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" ? "redo" : key === "s" ? "save" : null;
  if (!name) return;
  event.preventDefault();
  if (name === "save") saver.flush();
  else desk[name]();
}

document.addEventListener("keydown", onKey);
find("[data-add-activity]").addEventListener("click", (event) => openLibrary(event.currentTarget));
find("[data-add-blank]").addEventListener("click", () => {
  desk.insert(blankSection(), "New section");
  form.focus("title");
});
find("[data-versions]").addEventListener("click", (event) => openVersions(event.currentTarget));
find("[data-publish]").addEventListener("click", (event) => publish(event.currentTarget));
addEventListener("focus", lookElsewhere);

/** Coming back to this window, show what another one has changed. */
async function lookElsewhere() {
  if (!(await saver.refresh())) return;
  if (desk.session.state === "draft") note("Changes from another window are shown.");
  else location.reload();
}

/** Work an earlier visit could not save goes on top of what it was made on; what others saved since is met like any change. */
function takeUp(work) {
  if (!work || samePlan(planOf(session), work.plan)) {
    kept.clear();
    return;
  }
  if (work.version !== session.version) saver.session = { ...session, ...work.base, brief: work.base, version: work.version };
  desk.adopt(session, work.plan);
  note("Your unsaved changes from the last visit are back.");
  saver.change(work.plan);
}

draw();
savedState.draw({ name: "saved", at: new Date(session.updatedAt) }, announce);
takeUp(leftOver);
countActiveTime(session.id);
answer("main");
document.documentElement.dataset.ready = "true";
