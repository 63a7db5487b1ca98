/** The activity library and the author's saved ideas, to add a section from or to give one another activity. */

import { get } from "../api.js";
import { find, findAll, glyph, h, setText } from "../dom.js";
import { typeName } from "../strip.js";
import { troubleWords } from "../trouble.js";
import { plural } from "../words.js";
import { deleteIdea, savedIdeas } from "./ideas.js";
import { placeAfter, sectionOf, TYPES } from "./plan.js";

const AFTER_MS = 250;

export class Library {
  #timer = null;
  #asked = 0;

  /** `act` writes on the server as a step; `note` says what happened. */
  constructor(desk, { act, note }) {
    Object.assign(this, { desk, act, note, dialog: find("#library") });
  }

  /** Open to add a section, or with `swapFor` to choose another activity for that section. */
  open(swapFor = null) {
    this.swapFor = swapFor;
    const section = swapFor && sectionOf(this.desk.plan, swapFor);
    const filters = { type: section?.type ?? "", minutes: section?.minutes ?? "", group: this.desk.plan.groupSize ?? "" };
    this.#setUp(filters);
    setText(find("[data-library-title]"), section ? "Choose another activity" : "Add a section");
    setText(find("[data-goes]"), section ? `For “${section.title || "Untitled section"}”.` : this.#goesWhere());
    for (const radio of findAll("[name=shelf]", this.dialog)) radio.checked = radio.value === "activities";
    find(".segments", this.dialog).hidden = Boolean(section);
    find("[data-shelf]").replaceChildren();
    this.#looking();
    this.dialog.showModal();
    this.#load();
  }

  #goesWhere() {
    const place = placeAfter(this.desk.plan, this.desk.selected);
    const before = this.desk.plan.outline.sections[place - 1];
    return before ? `It goes after “${before.title || "Untitled section"}”.` : "It goes to the beginning.";
  }

  #setUp({ type, minutes, group }) {
    const types = find("#filter-type");
    if (types.length === 1) types.append(...TYPES.map((name) => new Option(typeName(name), name)));
    types.value = type;
    find("#filter-minutes").value = minutes;
    find("#filter-group").value = group;
    this.dialog.oninput = ({ target }) => {
      clearTimeout(this.#timer);
      this.#looking(); // what is still shown no longer fits, so that nothing is taken from it by mistake
      if (target.name === "shelf") this.#load(); // the next Tab has to find what belongs to this shelf
      else this.#timer = setTimeout(() => this.#load(), AFTER_MS);
    };
  }

  #looking() {
    find("[data-shelf]").inert = true;
    setText(find("[data-found]"), "Looking …");
  }

  async #load() {
    const shelf = find("[name=shelf]:checked", this.dialog).value;
    const asked = ++this.#asked;
    find("[data-filters]").hidden = shelf === "ideas";
    try {
      const items = shelf === "ideas" ? await savedIdeas() : await this.#activities();
      if (asked !== this.#asked) return;
      find("[data-shelf]").replaceChildren(...items.map((item) => (shelf === "ideas" ? this.#ideaItem(item) : this.#activityItem(item))));
      find("[data-shelf]").inert = false;
      setText(find("[data-found]"), foundWords(shelf, items.length));
    } catch (error) {
      if (asked === this.#asked) setText(find("[data-found]"), `${error.message} Change a filter to try again.`);
    }
  }

  async #activities() {
    const query = new URLSearchParams();
    const filters = { type: "#filter-type", minutes: "#filter-minutes", groupSize: "#filter-group" };
    for (const [name, id] of Object.entries(filters)) if (find(id).value) query.set(name, find(id).value);
    if (find("#filter-online").checked) query.set("online", "true");
    const { results } = (await get(`/api/activities?${query}`)).body;
    const kind = sectionOf(this.desk.plan, this.swapFor ?? this.desk.selected)?.type;
    return [...results.filter((activity) => activity.type === kind), ...results.filter((activity) => activity.type !== kind)];
  }

  #activityItem(activity) {
    const facts = [typeName(activity.type), `${activity.minutes.min} to ${activity.minutes.max} min`, activity.mode.replaceAll("_", " "), activity.online && "works online"];
    const words = this.swapFor ? "Use this" : "Add";
    return this.#item(activity.type, activity.name, facts, activity.description.replaceAll("{topic}", "the topic"), this.#isUsed(activity),
      h("button", { type: "button", class: "button small", "aria-label": `${words}: ${activity.name}`, onclick: () => this.#take(activity) }, words));
  }

  #isUsed({ name }) {
    return this.desk.plan.outline.sections.some((section) => section.activity === name);
  }

  #ideaItem(idea) {
    const { section } = idea;
    const item = this.#item(section?.type ?? "custom", idea.title, [section && typeName(section.type), section && `${section.minutes} min`], idea.note || section?.description || "", false,
      h("button", { type: "button", class: "button small", "aria-label": `Add: ${idea.title}`, onclick: () => this.#add({ ideaId: idea.id }) }, "Add"),
      h("button", { type: "button", class: "button plain small", "aria-label": `Delete the idea ${idea.title}`, onclick: () => this.#drop(idea, item) }, "Delete"));
    return item;
  }

  #item(type, title, facts, text, isUsed, ...buttons) {
    return h("li", { class: "shelf-item" }, glyph(type),
      h("div", {}, h("h3", {}, h("span", { dir: "auto" }, title), isUsed && [" ", h("span", { class: "tag" }, "in this session")]), h("p", { class: "small quiet" }, facts.filter(Boolean).join(" · ")), h("p", { dir: "auto" }, text)),
      h("div", { class: "actions" }, buttons));
  }

  /** The server writes the section, as it knows what the session is about. */
  #take(activity) {
    if (this.swapFor) return this.#swap(activity);
    const minutes = Number(find("#filter-minutes").value);
    return this.#add(minutes ? { activityKey: activity.key, minutes } : { activityKey: activity.key });
  }

  async #add(what) {
    const position = placeAfter(this.desk.plan, this.desk.selected);
    await this.#attempt(async () => {
      const session = await this.act("POST", "/sections", { ...what, position }, "New section");
      this.dialog.close();
      this.desk.select(session.outline.sections[position].id, { open: true });
      this.note(`“${session.outline.sections[position].title}” is put in.`, "Undo", () => this.desk.undo());
    });
  }

  async #swap(activity) {
    await this.#attempt(async () => {
      await this.act("PATCH", `/sections/${this.swapFor}`, { activityKey: activity.key }, "Other activity");
      this.dialog.close();
      this.note(`The activity is now “${activity.name}”.`, "Undo", () => this.desk.undo());
    });
  }

  async #attempt(action) {
    try {
      await action();
    } catch (error) {
      setText(find("[data-found]"), troubleWords(error));
      find("[data-found]").scrollIntoView({ block: "center" });
    }
  }

  async #drop(idea, item) {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    try {
      await deleteIdea(idea.id);
      item.remove();
      (find("button", next ?? this.dialog)).focus();
    } catch (error) {
      item.append(h("p", { class: "error", role: "alert" }, troubleWords(error)));
    }
  }
}

function foundWords(shelf, count) {
  if (shelf === "ideas") return count ? plural(count, "idea") : "No ideas yet. “Keep as idea” in a section puts it here.";
  return count ? `${plural(count, "activity", "activities")} that fit` : "Nothing fits these filters. Widen one of them.";
}
