/** Outlines side by side: which sections do the same job, and where one has clearly more than the others. Pure. */

export const ROWS = [
  ["opening", "Opening"], ["input", "Input"], ["practice", "Practice"], ["talk", "Talking it over"],
  ["check", "Check"], ["break", "Break"], ["closing", "Closing"],
];
const BY_TYPE = {
  opener: "opening", topic: "input", presentation: "input", video: "input", exercise: "practice", discussion: "talk",
  assessment: "check", break: "break", closing: "closing",
};
const BY_PURPOSE = [
  ["practice", "practice"], ["check", "check"], ["feedback", "talk"], ["hook", "opening"], ["transfer", "closing"], ["input", "input"], ["recall", "input"],
];
const CLEARLY_MORE_MINUTES = 5;

/** The row a section belongs to: by its type where the type says it, else by what it is for. */
export function rowOf(section, isFirst) {
  if (section.type === "inspiration") return isFirst ? "opening" : "input";
  return BY_TYPE[section.type] ?? BY_PURPOSE.find(([purpose]) => section.purposes?.includes(purpose))?.[1] ?? "input";
}

/** The rows at least one outline has, as `{id, title, cells}`; a cell is `{minutes, standsOut, sections}` with `{section, at}`. */
export function rowsOf(outlines) {
  const columns = outlines.map(placed);
  return ROWS.map(([id, title]) => ({ id, title, cells: cellsOf(columns, id) })).filter((row) => row.cells.some((cell) => cell.sections.length));
}

function placed(outline) {
  let at = 0;
  return outline.sections.map((section, place) => {
    const here = { section, at, place, row: rowOf(section, place === 0) };
    at += section.minutes;
    return here;
  });
}

function cellsOf(columns, row) {
  const cells = columns.map((column) => column.filter((each) => each.row === row));
  const minutes = cells.map((sections) => sections.reduce((sum, { section }) => sum + section.minutes, 0));
  const outstanding = standOuts(minutes, CLEARLY_MORE_MINUTES);
  return cells.map((sections, column) => ({ sections, minutes: minutes[column], standsOut: outstanding[column] }));
}

/** For each value whether it exceeds the mean of the others by at least `margin`. */
export function standOuts(values, margin) {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => values.length > 1 && value - (sum - value) / (values.length - 1) >= margin);
}

/** Where a section taken from another outline goes: behind the last of its kind, else before the closing. */
export function placeFor(section, sections) {
  const wanted = rowOf(section, section.type === "opener");
  const alike = sections.findLastIndex((each, place) => rowOf(each, place === 0) === wanted);
  if (alike >= 0) return alike + 1;
  return sections.at(-1)?.type === "closing" ? sections.length - 1 : sections.length;
}
