// One key for everything: commands, marks, characters, pages and settings by their words (a combobox as ARIA has it).
import { Pages, characterEntries, commandEntries, findCharacters, matching } from "./palette-entries.js";
import { Recent } from "./recent.js";
import { say } from "./words.js";

const SHOWN = 60;
const ASK_AFTER = 200; // ms after the last letter, before the server is asked

export function addPalette(desk) {
  const palette = new Palette(desk);
  const settings = palette.dialog.dataset.settings;
  desk.commands.add(
    { id: "palette", name: say("palette"), group: "desk", keys: ["Mod-k"], inDialog: true, run: () => palette.toggle() },
    { id: "settings", name: say("go-to-settings"), group: "desk", run: () => location.assign(settings) },
    { id: "switch-theme", name: say("switch-theme"), group: "view", run: () => document.querySelector("[data-theme-switch]").click() },
  );
}

class Palette {
  constructor(desk) {
    const [dialog, field, list, told] = ["palette", "palette-field", "palette-list", "palette-told"].map((id) => document.getElementById(id));
    Object.assign(this, { desk, dialog, field, list, told, recent: new Recent("commands", 8), pages: new Pages(), shown: [], active: 0 });
    field.addEventListener("input", () => this.#search());
    field.addEventListener("keydown", (event) => this.#pressed(event));
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => this.#take(this.shown[[...list.children].indexOf(event.target.closest("[role=option]"))]));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }

  toggle() {
    if (this.dialog.open) return this.dialog.close();
    if (document.querySelector("dialog:modal")) return false;
    // What can be done is asked before the dialog is in the way.
    this.entries = [...commandEntries(this.desk), ...characterEntries(this.desk)];
    this.field.value = "";
    this.dialog.showModal();
    this.#search();
  }

  #search() {
    const asked = this.field.value;
    const recent = this.recent.list;
    const offered = asked.trim() ? this.entries : this.entries.filter(({ id, char }) => !char || recent.includes(id));
    this.#show(matching(offered, asked, recent));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#searchFurther(asked), ASK_AFTER);
  }

  async #searchFurther(asked) {
    const found = [await this.pages.find(this.desk, asked), await findCharacters(this.desk, asked)];
    if (!this.dialog.open || this.field.value !== asked) return;
    const [pages, characters] = found;
    const known = new Set(this.shown.map(({ id }) => id));
    const more = characters.filter(({ id }) => !known.has(id));
    if (pages.length || more.length || !this.shown.length) this.#show([...pages, ...this.shown, ...more], this.active && pages.length + this.active);
    this.#tell();
  }

  #show(entries, active = 0) {
    this.shown = entries.slice(0, SHOWN);
    this.list.replaceChildren(...this.shown.map(optionOf));
    this.#activate(active);
  }

  #tell() {
    this.told.textContent = this.shown.length ? say("palette-found", { n: this.shown.length }) : say("palette-nothing");
    this.told.classList.toggle("visually-hidden", this.shown.length > 0);
  }

  #activate(index) {
    const options = [...this.list.children];
    this.active = options.length && (index + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", i === this.active));
    const option = options[this.active];
    if (option) this.field.setAttribute("aria-activedescendant", option.id);
    else this.field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  #pressed(event) {
    if (event.isComposing) return;
    const keys = { ArrowDown: () => this.#activate(this.active + 1), ArrowUp: () => this.#activate(this.active - 1), Enter: () => this.#take(this.shown[this.active]) };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }

  // The text has the focus again, with its selection as it was, before anything is done with it.
  #take(entry) {
    if (!entry) return;
    this.recent.add(entry.id);
    this.dialog.close();
    this.desk.editor.focus();
    entry.run();
  }
}

function optionOf({ name, keys, char, note, isOn }, index) {
  const option = document.createElement("li");
  Object.assign(option, { id: `palette-option-${index}`, role: "option" });
  const parts = [["palette-char", char], ["palette-name", name], ["palette-note", note ?? (isOn && say("is-on"))], ["", keys, "kbd"]];
  option.append(...parts.filter(([, words]) => words).map(([className, textContent, tag = "span"]) => Object.assign(document.createElement(tag), { className, textContent })));
  return option;
}
