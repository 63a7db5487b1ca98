/** Comparing blind: outlines are called A to D, and what each rests on is not shown, until one is chosen. Remembered here. */

import { store } from "./store.js";

const key = `blind-${document.documentElement.dataset.user}`;

export const isBlind = () => store.get(key) === "on";
export const setBlind = (on) => store.set(key, on ? "on" : "off");

/** What a version is called by its place among the cards. */
export const letterOf = (variant) => "ABCD"[variant.position - 1] ?? "A";
export const blindName = (variant) => `Version ${letterOf(variant)}`;
export const nameOf = (variant, blind) => (blind ? blindName(variant) : variant.label);

/** Whether names are hidden for this generation: wished for, several to choose from and not one Standard Outline, none chosen yet. */
export const hidesNames = (generation) => isBlind() && !generation.session && generation.variants.every((variant) => variant.number !== 0);
