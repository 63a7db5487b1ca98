/**
 * Icons from a sprite file. The file is put into the page once, so that what is drawn anew while the network is away still has
 * its icons; until it is there, and where it cannot be had, icons refer to the file.
 */

const placed = new Set();
const asked = new Set();

/** Where a `use` finds the icon `name` of the sprite at the address `file`. */
export function iconAddress(file, name) {
  if (!asked.has(file)) place(file);
  return placed.has(file) ? `#${idOf(file, name)}` : `${file}#${name}`;
}

async function place(file) {
  asked.add(file);
  const answer = await fetch(file).catch(() => null);
  if (!answer?.ok) return asked.delete(file); // the next icon asks again
  const sprite = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
  for (const icon of sprite.querySelectorAll("[id]")) icon.id = idOf(file, icon.id);
  sprite.setAttribute("class", "visually-hidden");
  sprite.setAttribute("aria-hidden", "true");
  document.body.append(sprite);
  placed.add(file);
  for (const use of document.querySelectorAll(`use[href^="${file}#"]`)) use.setAttribute("href", `#${idOf(file, use.getAttribute("href").slice(file.length + 1))}`);
  return true;
}

/** An id no other element of the page has. */
const idOf = (file, name) => `icon-${file.split("/").at(-1).split(".")[0]}-${name}`;
