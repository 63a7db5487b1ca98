/** How numbers, times and origins are said, in one place. */

/** `0.4 s`, `11 s`, `2 min 05`. */
export function span(ms) {
  if (ms < 9_950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 100 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")}`;
}

/** `45 min`, `2 h`, `1 h 30`. */
export function length(minutes) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (!hours) return `${minutes} min`;
  return rest ? `${hours} h ${String(rest).padStart(2, "0")}` : `${hours} h`;
}

/** A share as `82 %`. */
export const percent = (share) => `${Math.round(share * 100)} %`;

export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

const QUALITY = [[85, "strong"], [70, "good"], [50, "usable"], [0, "weak"]];

/** The word that goes with a quality score. */
export const qualityWord = (score) => QUALITY.find(([from]) => score >= from)[1];

const STRONG_MATCH = 0.8;

/** How well a source fits, in words and number; weak is what retrieval would not use by itself. */
export function matchWords({ score, reason }) {
  const word = ["weak", "below_threshold"].includes(reason) ? "weak" : score >= STRONG_MATCH ? "strong" : "good";
  return `${word} match, ${percent(score)}`;
}

/** What an outline is: who wrote it, with how much of the author's material. */
export function whatItIs(variant, writer) {
  if (variant.generationSource === "template" || writer === "offline") return "Offline draft, no AI: composed from an activity library";
  if (variant.number === 0) return "Standard outline, AI";
  if (variant.generationSource === "rag") return `AI with your material (${plural(variant.ragSourcesUsed, "source")})`;
  return "AI";
}

const SESSION_WORDS = { rag: "AI", mixed: "Partly AI", baseline: "AI", template: "Offline draft, no AI: composed from an activity library" };

/** The same of a session, as the server's pages say it, when its sections cite so many sources. */
export function whatSessionIs({ generationSource, variantNumber }, cited) {
  if (variantNumber === 0 && generationSource === "baseline") return "Standard outline, AI";
  const words = SESSION_WORDS[generationSource] ?? "Written by you";
  if (!cited || !["rag", "mixed"].includes(generationSource)) return words;
  return `${words} with your material (${plural(cited, "source")})`;
}

/** `today`, `3 days ago`, `in 2 months`. */
export function ago(date, now = new Date()) {
  const days = Math.round((date - now) / 86_400_000);
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  if (Math.abs(date - now) < 3_600_000) return "just now";
  if (Math.abs(days) < 31) return words.format(days, "day");
  return Math.abs(days) < 365 ? words.format(Math.round(days / 30), "month") : words.format(Math.round(days / 365), "year");
}

/** A clock time in a zone, `09:35`. */
export function clock(date, zone) {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone || undefined }).format(date);
}
