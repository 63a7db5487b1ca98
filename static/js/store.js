/** Small things kept in this browser. Where storage is switched off, nothing is kept and nothing breaks. */

function guarded(storage) {
  const attempt = (action) => {
    try {
      return action(storage());
    } catch {
      return null;
    }
  };
  return {
    get: (key) => attempt((kept) => kept.getItem(key)),
    set: (key, value) => attempt((kept) => kept.setItem(key, value)),
    remove: (key) => attempt((kept) => kept.removeItem(key)),
    keys: () => attempt((kept) => Object.keys(kept)) ?? [],
  };
}

export const store = guarded(() => window.localStorage);
export const tabStore = guarded(() => window.sessionStorage);
