/** What an outline's quality is made of: each part's name for people and the most it can reach. */

export const PARTS = {
  time: ["Fits the time", 10], arc: ["Beginning and end", 12], outcome: ["Serves the outcome", 20], objectives: ["Objectives", 14],
  active: ["People active", 14], events: ["Learning steps", 10], facilitation: ["Ready to run", 14], clarity: ["Clear words", 6],
};

/** Points with one decimal where they need it, rounded down: what is not full never reads as full. */
export const inTenths = (points) => Math.floor(points * 10 + 1e-6) / 10;
