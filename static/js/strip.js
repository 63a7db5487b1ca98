/** The session strip: one bar, a block per section, width = minutes, colour and glyph = type, clock times under it. */

import { findAll, s } from "./dom.js";
import { iconAddress } from "./sprite.js";
import { clock } from "./words.js";

const GLYPH_FROM_PX = 20;
const TICK_ROOM_PX = 44;
const AXIS_STEPS = [5, 10, 15, 30, 60, 120];
const NAMES = {
  opener: "Opener", topic: "Topic", exercise: "Exercise", inspiration: "Inspiration", closing: "Closing", video: "Video",
  discussion: "Discussion", presentation: "Presentation", break: "Break", assessment: "Check", custom: "Other",
};

export const typeName = (type) => NAMES[type] ?? NAMES.custom;

/**
 * Draws `sections` into `host` and keeps the drawing fit for its width. `starts` is an ISO time with its IANA `zone`, or
 * absent for times since the start; `bare` leaves the times out; `fill` lets the blocks grow in one after the other; `across`
 * is how many minutes the whole width stands for, where strips share an axis.
 */
export function drawStrip(host, sections, { starts = "", zone = "", bare = false, fill = false, across = 0 } = {}) {
  const total = sections.reduce((sum, section) => sum + section.minutes, 0);
  const svg = s("svg", { class: fill ? "strip-svg strip-fill" : "strip-svg", role: "img", "aria-label": inWords(sections, total) });
  host.replaceChildren(svg);
  if (!total) {
    svg.append(s("rect", { class: "strip-track" }));
    return;
  }
  const at = clockFrom(starts, zone);
  const draw = () => {
    const width = host.clientWidth || 400;
    svg.replaceChildren(...blocks(sections, across || total, width, at), ...(bare ? [] : ticks(sections, total, width, at)));
  };
  draw();
  new ResizeObserver(() => {
    if (svg.dataset.width !== String(host.clientWidth)) svg.classList.remove("strip-fill");
    svg.dataset.width = host.clientWidth;
    draw();
  }).observe(host);
}

/** The axis strips share: clock times at even steps over `minutes`, as many as the width has room for. */
export function drawAxis(host, minutes, { starts = "", zone = "" } = {}) {
  const svg = s("svg", { class: "axis-svg", "aria-hidden": "true" });
  host.replaceChildren(svg);
  const at = clockFrom(starts, zone);
  const draw = () => svg.replaceChildren(...axisMarks(minutes, host.clientWidth || 400, at));
  draw();
  new ResizeObserver(draw).observe(host);
}

function axisMarks(minutes, width, at) {
  const step = AXIS_STEPS.find((each) => (each / minutes) * width >= TICK_ROOM_PX + 8) ?? AXIS_STEPS.at(-1);
  const marks = [];
  for (let passed = 0; (passed / minutes) * width <= width - 2 * TICK_ROOM_PX + 12; passed += step) marks.push(mark(passed / minutes, at(passed), "start"));
  return [...marks, mark(1, at(minutes), "end")].flat();
}

const mark = (share, text, anchor) => [
  s("line", { class: "axis-mark", x1: percent(share), x2: percent(share), y2: 5 }),
  s("text", { class: "strip-tick", x: percent(share), y: 18, "text-anchor": anchor }, text),
];

/** An empty strip of the final size, for an outline that is still being written. */
export function drawEmptyStrip(host) {
  host.replaceChildren(s("svg", { class: "strip-svg", "aria-hidden": "true" }, s("rect", { class: "strip-track" })));
}

/** Draws every strip the server left a place for. */
export function drawPlacedStrips() {
  for (const host of findAll("[data-strip]")) {
    const { strip, starts, zone } = host.dataset;
    drawStrip(host, JSON.parse(strip), { starts, zone, bare: host.classList.contains("bare") });
  }
}

function inWords(sections, total) {
  if (!total) return "No sections";
  const parts = sections.map((section) => `${typeName(section.type)} ${section.minutes} min`);
  return `${total} minutes: ${parts.join(", ")}`;
}

/** Clock times from an ISO start in its zone, or times since the start; a function of minutes passed. */
export function clockFrom(starts, zone) {
  const start = Date.parse(starts);
  if (Number.isNaN(start)) return (minutes) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
  return (minutes) => clock(new Date(start + minutes * 60_000), zone);
}

function blocks(sections, total, width, at) {
  const sprite = document.documentElement.dataset.sprite;
  let passed = 0;
  return sections.map((section) => {
    const share = section.minutes / total;
    const block = s("svg", { class: `strip-block type-${section.type}`, x: percent(passed / total), width: percent(share), height: "100%" },
      s("title", {}, `${at(passed)} ${section.title} (${typeName(section.type)}, ${section.minutes} min)`),
      s("rect", {}),
      share * width >= GLYPH_FROM_PX && s("use", { class: "strip-glyph", href: iconAddress(sprite, section.type), x: "50%", width: 16, height: 16 }));
    passed += section.minutes;
    return block;
  });
}

function ticks(sections, total, width, at) {
  const marks = [];
  const last = width - 2 * TICK_ROOM_PX + 12;
  let passed = 0;
  let free = 0;
  for (const section of sections) {
    const x = (passed / total) * width;
    if (x >= free && x <= last) {
      marks.push(tick(passed / total, at(passed), "start"));
      free = x + TICK_ROOM_PX;
    }
    passed += section.minutes;
  }
  return [...marks, tick(1, at(total), "end")];
}

function tick(share, text, anchor) {
  return s("text", { class: "strip-tick", x: percent(share), y: "44", "text-anchor": anchor }, text);
}

const percent = (share) => `${(share * 100).toFixed(3)}%`;
