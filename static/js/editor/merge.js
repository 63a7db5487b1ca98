/** Two sides went on from the same plan: what each of them changed, and one plan out of both. Pure. */

import { FIELDS, same, sameSection, sectionOf, withField, withOutline } from "./plan.js";

const ORDER = "order";

/**
 * Every field, section and the order that at least one side changed, as `{key, kind, by, base, mine, theirs}`; `by` is
 * mine, theirs or both. A section one side deleted is null there. What both changed to the same is left out.
 */
export function differences(base, mine, theirs) {
  const units = [...FIELDS.map((name) => unit("field", name, base[name], mine[name], theirs[name], same)),
    unit("summary", "summary", base.outline.summary, mine.outline.summary, theirs.outline.summary, same),
    ...idsOf(theirs, mine, base).map((id) => unit("section", id, sectionOf(base, id), sectionOf(mine, id), sectionOf(theirs, id), sameSection)),
    unit(ORDER, ORDER, base, mine, theirs, sameOrder)];
  return units.filter((one) => one.by !== null);
}

function unit(kind, key, base, mine, theirs, alike) {
  return { kind, key, base: base ?? null, mine: mine ?? null, theirs: theirs ?? null, by: changedBy(base, mine, theirs, alike) };
}

function changedBy(base, mine, theirs, alike) {
  if (alike(mine, theirs)) return null;
  if (alike(base, mine)) return "theirs";
  return alike(base, theirs) ? "mine" : "both";
}

/** One plan; `pick(unit)` says whose version of a difference it takes, by default that of the side that changed it, or mine. */
export function merged(base, mine, theirs, pick = (one) => (one.by === "theirs" ? "theirs" : "mine")) {
  const chosen = new Map(differences(base, mine, theirs).map((one) => [one.key, { one, side: pick(one) }]));
  const sideOf = (key) => chosen.get(key)?.side ?? "mine";
  const valueOf = (key, otherwise) => (chosen.has(key) ? chosen.get(key).one[sideOf(key)] : otherwise);
  let plan = mine;
  for (const name of FIELDS) plan = withField(plan, name, valueOf(name, mine[name]));
  const order = sideOf(ORDER) === "theirs" ? idsOf(theirs, mine) : idsOf(mine, theirs);
  const sections = order.map((id) => valueOf(id, sectionOf(mine, id) ?? null)).filter(Boolean);
  return withOutline(plan, { summary: valueOf("summary", mine.outline.summary), sections });
}

/** The sections of the first plan in their order; those only others have stand behind the one they follow there. */
function idsOf(first, ...others) {
  const ids = first.outline.sections.map((section) => section.id);
  for (const other of others) {
    other.outline.sections.forEach((section, place) => {
      if (ids.includes(section.id)) return;
      const before = other.outline.sections[place - 1];
      ids.splice(before ? ids.indexOf(before.id) + 1 : 0, 0, section.id);
    });
  }
  return ids;
}

function sameOrder(one, other) {
  if (!one || !other) return true;
  const shared = (plan, within) => plan.outline.sections.map((section) => section.id).filter((id) => sectionOf(within, id));
  return same(shared(one, other), shared(other, one));
}
