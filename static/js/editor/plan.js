/** The editable part of a session, called its plan, and what can be done to it. Pure: each step returns a new plan. */

import { newId } from "../ids.js";

const OWN_FIELDS = ["title", "startsAt", "timeZone", "category", "sessionType", "durationMinutes"];
const BRIEF_FIELDS = ["desiredOutcome", "audienceName", "groupSize"];
export const FIELDS = [...OWN_FIELDS, ...BRIEF_FIELDS];
export const SECTION_FIELDS = [
  "type", "title", "minutes", "locked", "description", "objectives", "purposes", "activity", "mode", "steps", "materials", "facilitatorNote", "prompts", "sourceIds",
];
export const TYPES = ["opener", "topic", "exercise", "discussion", "presentation", "inspiration", "video", "assessment", "break", "custom", "closing"];
const USUAL_MINUTES = {
  opener: 10, topic: 25, exercise: 20, discussion: 15, presentation: 20, video: 10, inspiration: 10, assessment: 10, break: 10, closing: 10, custom: 15,
};
const UNTITLED = "Untitled section";
export const MOST_MINUTES = 480;
export const MOST_SECTIONS = 40;

export function planOf(session) {
  const { title, startsAt, timeZone, category, sessionType, durationMinutes, outline, brief } = session;
  const { desiredOutcome = "", audienceName = "", groupSize = null } = brief;
  return { title, startsAt, timeZone, category, sessionType, durationMinutes, desiredOutcome, audienceName, groupSize, outline };
}

export const totalMinutes = (plan) => plan.outline.sections.reduce((sum, section) => sum + section.minutes, 0);
export const placeOf = (plan, id) => plan.outline.sections.findIndex((section) => section.id === id);
export const sectionOf = (plan, id) => plan.outline.sections.find((section) => section.id === id);

export const withField = (plan, name, value) => ({ ...plan, [name]: value });
export const withOutline = (plan, changes) => ({ ...plan, outline: { ...plan.outline, ...changes } });
const withSections = (plan, sections) => withOutline(plan, { sections });

export function withSection(plan, id, changes) {
  return withSections(plan, plan.outline.sections.map((section) => (section.id === id ? { ...section, ...changes } : section)));
}

/** The plan with a section of so many minutes; its steps share them in the proportions they had. */
export function withMinutes(plan, id, minutes) {
  const section = sectionOf(plan, id);
  return withSection(plan, id, { minutes, steps: rescaled(section.steps, minutes) });
}

/** Whole minutes by largest remainder, at least one each; steps that do not add up to anything stay as they are. */
function rescaled(steps, minutes) {
  const timed = steps.filter((step) => step.minutes > 0);
  const sum = timed.reduce((total, step) => total + step.minutes, 0);
  if (!sum || sum === minutes || timed.length > minutes) return steps;
  const shares = timed.map((step) => Math.max(1, Math.floor((step.minutes * minutes) / sum)));
  const byRemainder = timed.map((step, place) => [((step.minutes * minutes) / sum) % 1, place]).sort((one, other) => other[0] - one[0] || one[1] - other[1]);
  let left = minutes - shares.reduce((total, share) => total + share, 0);
  for (const [, place] of byRemainder) if (left > 0) left -= (shares[place]++, 1);
  while (left < 0) left += (shares[shares.indexOf(Math.max(...shares))]--, 1);
  return steps.map((step) => (step.minutes > 0 ? { ...step, minutes: shares[timed.indexOf(step)] } : step));
}

/** The plan with the section at another place; a place beyond the ends is the end. */
export function moved(plan, id, place) {
  const rest = plan.outline.sections.filter((section) => section.id !== id);
  rest.splice(Math.max(0, Math.min(place, rest.length)), 0, sectionOf(plan, id));
  return withSections(plan, rest);
}

export function inserted(plan, section, place) {
  const sections = [...plan.outline.sections];
  sections.splice(place, 0, section);
  return withSections(plan, sections);
}

export const removed = (plan, id) => withSections(plan, plan.outline.sections.filter((section) => section.id !== id));

export function blankSection(type = "custom", changes = {}) {
  return {
    id: newId(), type, title: "", minutes: USUAL_MINUTES[type], locked: false, description: "", objectives: [], purposes: [], activity: "", mode: "",
    steps: [], materials: [], facilitatorNote: "", prompts: [], sourceIds: [], ...changes,
  };
}

export const copyOf = (section) => ({ ...section, id: newId(), locked: false });

/** Where a new section belongs: after the given one, never behind the closing. */
export function placeAfter(plan, id) {
  const { sections } = plan.outline;
  const at = placeOf(plan, id);
  const after = at < 0 ? sections.length : at + 1;
  return sections.at(-1)?.type === "closing" && after === sections.length ? sections.length - 1 : after;
}

/** What to send so that a server that has `base` gets `plan`; the outline's sections go all together. */
export function changesBetween(base, plan) {
  const changes = changed(OWN_FIELDS, base, { ...plan, title: plan.title.trim() || base.title });
  const brief = changed(BRIEF_FIELDS, base, { ...plan, groupSize: plan.groupSize ?? base.groupSize });
  const outline = changed(["summary", "difficulty"], base.outline, plan.outline);
  const sections = plan.outline.sections.map(sendable);
  if (!sameSections(base.outline.sections, sections)) outline.sections = sections;
  if (Object.keys(brief).length) changes.brief = brief;
  if (Object.keys(outline).length) changes.outline = outline;
  return changes;
}

const changed = (names, base, plan) => Object.fromEntries(names.filter((name) => !same(base[name], plan[name])).map((name) => [name, plan[name]]));

/** A section as a server takes it: what is being written may still lack a title, or have a step without words. */
function sendable(section) {
  const known = Object.fromEntries(["id", ...SECTION_FIELDS].map((name) => [name, section[name]]));
  const steps = section.steps.map((step) => ({ ...step, text: step.text.replace(/\s+/g, " ").trim() })).filter((step) => step.text);
  return { ...known, steps, title: section.title.trim() || UNTITLED };
}

export const samePlan = (one, other) => Object.keys(changesBetween(one, other)).length === 0;
export const sameSection = (one, other) => Boolean(one) === Boolean(other) && (!one || SECTION_FIELDS.every((name) => same(one[name], other[name])));

function sameSections(some, others) {
  return some.length === others.length && some.every((section, place) => section.id === others[place].id && sameSection(section, others[place]));
}

/** Equal as far as anybody can see: spaces at the ends of texts and missing values make no difference. */
export function same(one, other) {
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((value, place) => same(value, other[place]));
  if (isObject(one) && isObject(other)) return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => same(one[key], other[key]));
  return tidy(one) === tidy(other);
}

const isObject = (value) => typeof value === "object" && value !== null;
const tidy = (value) => (typeof value === "string" ? value.trim() : value ?? "");
