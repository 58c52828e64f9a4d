// Characters that the keyboard lacks: a bar in the foot, all of them as a grid; one click or Enter puts one at the caret.
import { gridKeys } from "../grid.js";
import { ask } from "./lookups.js";
import { Recent } from "./recent.js";
import { say } from "./words.js";

const LEADING = 4; // of those used last
const FIELDS = "input:not([type]), input[type=text], input[type=search], textarea";

export function addCharacters(desk) {
  desk.characters = new Characters(desk);
}

/** A character's name without what all letters share: "e with acute" is "e acute", a capital is written as one. */
export const shortName = (name) => name
  .replace(/^latin small (?:letter|ligature) /, "")
  .replace(/^latin capital (?:letter|ligature) (\S+)/, (_, letter) => letter.toUpperCase())
  .replace(" with ", " ");

export class Characters {
  constructor(desk) {
    const [bar, row, language, all, groups] = ["characters", "characters-row", "characters-language", "all-characters", "character-groups"].map((id) => document.getElementById(id));
    Object.assign(this, { desk, bar, row, language, all, groups, sets: [], book: [], chosen: 0 });
    desk.on("open", (data) => this.#load(data));
    new ResizeObserver(() => this.#show()).observe(bar);
    for (const part of [bar, all]) {
      part.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the text
      part.addEventListener("click", (event) => this.#clicked(event.target.closest("[data-character]")));
    }
    language.addEventListener("click", () => this.#switch());
    all.addEventListener("toggle", (event) => event.newState === "open" && this.groups.querySelector("[tabindex='0']")?.focus());
    document.addEventListener("focusin", ({ target }) => this.#focused(target));
    desk.commands.add(
      { id: "characters", name: say("all-characters"), group: "text", when: () => this.known.length > 0, run: () => all.togglePopover() },
      { id: "characters-language", name: say("other-language"), group: "text", when: () => this.sets.length > 1, run: () => this.#switch() },
    );
  }

  /** All that this book is written with: `{char, name}`, the most used first. */
  get known() {
    return distinct([...this.book, ...this.sets.flatMap(({ characters }) => characters)]);
  }

  /** Put a character where one types: into the text, or the field that was typed in last. */
  insert(char) {
    this.recent.add(char);
    const { field, desk } = this;
    if (field?.isConnected && field.checkVisibility()) {
      field.focus();
      field.setRangeText(char, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    } else {
      desk.view.dispatch({ ...desk.view.state.replaceSelection(char), userEvent: "input.type", scrollIntoView: true });
      desk.editor.focus();
    }
    this.#show();
  }

  async #load({ project, urls }) {
    if (this.slug === project.slug) return;
    this.slug = project.slug;
    this.recent = new Recent(`characters.${project.slug}`, LEADING);
    const { ok, body } = urls.characters ? await ask(urls.characters) : {};
    if (this.slug !== project.slug) return;
    const { sets, book } = ok ? body : { sets: [], book: [] };
    Object.assign(this, { sets: sets.filter(({ characters }) => characters.length), book, chosen: 0 });
    for (const button of document.querySelectorAll("[popovertarget='all-characters']")) button.hidden = !this.known.length;
    this.bar.hidden = !this.known.length;
    this.#fillGroups();
    this.#show();
  }

  #switch() {
    this.chosen = (this.chosen + 1) % this.sets.length;
    this.#show();
    this.desk.announce(this.sets[this.chosen].name);
  }

  // As many as there is room for; all the others are in the grid.
  #show() {
    if (this.bar.hidden) return;
    const set = this.sets[this.chosen];
    this.language.hidden = !set;
    this.language.disabled = this.sets.length < 2;
    this.language.querySelector("span").textContent = set?.name ?? "";
    const named = new Map(this.known.map((each) => [each.char, each]));
    const last = this.recent.list.map((char) => named.get(char) ?? { char, name: char });
    const buttons = distinct([...last, ...this.book, ...capitalsLast(set?.characters ?? [])]).map(buttonOf);
    const row = document.createElement("div");
    row.append(...buttons);
    this.row.replaceChildren(row);
    const room = Math.floor(this.row.clientWidth / (buttons[0]?.offsetWidth || 1));
    for (const button of buttons.slice(room)) button.remove();
    gridKeys(row, "button");
  }

  #fillGroups() {
    const groups = [{ name: say("book-characters"), characters: this.book }, ...this.sets];
    this.groups.replaceChildren(...groups.filter(({ characters }) => characters.length).flatMap(({ name, characters }) => {
      const title = Object.assign(document.createElement("h3"), { textContent: name });
      const grid = Object.assign(document.createElement("div"), { className: "character-grid" });
      grid.append(...characters.map(buttonOf));
      return [title, grid];
    }));
    gridKeys(this.groups, "button");
  }

  #clicked(button) {
    if (!button) return;
    this.all.hidePopover();
    this.insert(button.dataset.character);
  }

  #focused(target) {
    if (target.closest(".cm-content")) this.field = undefined;
    else if (target.matches(FIELDS) && !target.closest("#palette")) this.field = target;
  }
}

const isCapital = ({ char }) => char !== char.toLowerCase();
const capitalsLast = (list) => [...list.filter((each) => !isCapital(each)), ...list.filter(isCapital)];
const distinct = (list) => [...new Map(list.map((each) => [each.char, each])).values()];

function buttonOf({ char, name }) {
  const shown = /^\p{M}/u.test(char) ? `\u25cc${char}` : char;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "character", textContent: shown, title: name });
  button.setAttribute("aria-label", name);
  button.dataset.character = char;
  return button;
}
