/** Versions of a session: name the present one, see what has changed since another, go back to it. */

import { get, post } from "../api.js";
import { find, h, setText } from "../dom.js";
import { troubleWords } from "../trouble.js";
import { plural } from "../words.js";

const KINDS = {
  created: "Written from scratch", chosen: "As it was chosen", edited: "Edited", added: "Section added", removed: "Section taken out", balanced: "Minutes fitted",
  imported: "Section taken over", rewritten: "Section rewritten", restored: "Earlier version restored", published: "Published",
};

/** The numbers a version stands for, as files that are handed over print them: quick edits share one version. */
const numbersOf = ({ firstNumber, number }) => (firstNumber < number ? `Versions ${firstNumber} to ${number}` : `Version ${number}`);

export class Versions {
  constructor(desk, saver, act, note) {
    Object.assign(this, { desk, saver, act, note, dialog: find("#versions") });
  }

  async open() {
    const form = find("[data-name-version]");
    form.onsubmit = (event) => {
      event.preventDefault();
      this.#attempt(() => this.#name(find("#version-name").value.trim()));
    };
    find("[data-version-diff]").hidden = true;
    find("[data-version-list]").replaceChildren(h("li", { class: "small quiet", "data-loading": true }, "Looking …"));
    this.dialog.showModal();
    await this.#attempt(async () => {
      await this.saver.flush();
      await this.#load();
    });
  }

  async #load() {
    find("[data-version-list]").replaceChildren(...(await this.#page("")));
  }

  /** The entries after a cursor, and the way to those before them. */
  async #page(cursor) {
    const { results, nextCursor } = (await get(`${this.saver.path}/versions${cursor && `?cursor=${encodeURIComponent(cursor)}`}`)).body;
    const items = results.map((version) => this.#item(version));
    return nextCursor ? [...items, this.#earlier(nextCursor)] : items;
  }

  #earlier(cursor) {
    const button = h("button", { type: "button", class: "button small", onclick: () => this.#attempt(async () => {
      const items = await this.#page(cursor);
      button.parentElement.replaceWith(...items);
      find("button", items[0]).focus();
    }) }, "Show earlier ones");
    return h("li", { class: "version-more" }, button);
  }

  #item(version) {
    const present = version.current;
    const at = new Date(version.updatedAt ?? version.createdAt);
    const when = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(at);
    const name = version.name || KINDS[version.kind] || "Edited";
    return h("li", { class: "version-item", "data-version": version.number },
      h("div", {}, h("p", {}, h("strong", { dir: "auto" }, name), present && [" ", h("span", { class: "tag now" }, "now")]),
        h("p", { class: "small quiet figures" }, [numbersOf(version), when, version.name && KINDS[version.kind], plural(version.sections, "section")].filter(Boolean).join(" · "))),
      h("div", { class: "actions" },
        !present && h("button", { type: "button", class: "button plain small", "aria-label": `Show what changed since: ${name}, ${when}`, onclick: () => this.#attempt(() => this.#showDiff(version, name, when)) }, "What changed"),
        !present && h("button", { type: "button", class: "button small", "aria-label": `Restore: ${name}, ${when}`, onclick: () => this.#attempt(() => this.#restore(version, name)) }, "Restore")));
  }

  async #name(name) {
    if (!name) return find("#version-name").focus();
    if (!(await this.saver.flush())) throw new Error(this.saver.unsavedWords);
    await post(`${this.saver.path}/versions`, { name });
    find("#version-name").value = "";
    return this.#load();
  }

  async #showDiff(version, name, when) {
    const { showDiff } = await import("./version-diff.js");
    const answer = await get(`${this.saver.path}/versions/${version.number}/diff`);
    showDiff(find("[data-version-diff]"), answer.body, `Since ${name}, ${when}`);
    for (const item of this.dialog.querySelectorAll("[data-version]")) item.dataset.open = String(Number(item.dataset.version) === version.number);
  }

  async #restore(version, name) {
    await this.act("POST", `/versions/${version.number}/restore`, {}, "Going back to an earlier version");
    this.dialog.close();
    this.note(`Restored: ${name}. It is a new version; the others are kept.`, "Undo", () => this.desk.undo());
  }

  async #attempt(action) {
    const error = find("[data-versions-error]");
    error.hidden = true;
    try {
      await action();
    } catch (trouble) {
      find("[data-loading]", this.dialog)?.remove();
      error.hidden = false;
      setText(error, troubleWords(trouble));
      error.scrollIntoView({ block: "center" });
    }
  }
}
