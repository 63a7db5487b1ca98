/** Two texts compared word by word. Pure. */

const MOST_WORDS = 1200;
const LEAST_SHARED = 0.35;

/**
 * Pieces in reading order as `{kind, text}`; kind is same, gone (only before) or fresh (only after). Texts with little in
 * common count as different throughout: a few shared words say nothing.
 */
export function compareTexts(before, after) {
  const old = wordsOf(before);
  const now = wordsOf(after);
  const whole = () => joined([["gone", before], ["fresh", after]]);
  if (old.length + now.length > MOST_WORDS) return whole();
  const lengths = commonLengths(old, now);
  if (lengths[0][0] < LEAST_SHARED * Math.max(old.length, now.length)) return whole();
  const pieces = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) pieces.push(["same", now[j++]]) && i++;
    else if (j >= now.length || (i < old.length && lengths[i + 1][j] >= lengths[i][j + 1])) pieces.push(["gone", old[i++]]);
    else pieces.push(["fresh", now[j++]]);
  }
  return joined(pieces);
}

const wordsOf = (text) => text.match(/\s*\S+|\s+$/g) ?? [];

/** Length of the longest common run of words from each pair of places on. */
function commonLengths(old, now) {
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) lengths[i][j] = old[i] === now[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
  }
  return lengths;
}

function joined(pieces) {
  const runs = [];
  for (const [kind, text] of pieces) {
    if (runs.at(-1)?.kind === kind) runs.at(-1).text += text;
    else if (text) runs.push({ kind, text });
  }
  return runs;
}
