// Search and replace in a bar above the foot: every match shown in the text, every replacement shown before it is made.
import { Decoration, EditorSelection, EditorView, StateEffect, StateField, Transaction, isolateHistory } from "../codemirror.js";
import { matchesOf, replacementOf } from "./find-query.js";
import { say } from "./words.js";

const AROUND = 36; // letters of the line on either side of a match
const LISTED = 300; // replacements that are shown

const setMatches = StateEffect.define();
const HIT = Decoration.mark({ class: "find-hit" });
const HERE = Decoration.mark({ class: "find-hit is-here" });
const field = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) if (effect.is(setMatches)) return effect.value;
    return marks.map(transaction.changes);
  },
  provide: (self) => EditorView.decorations.from(self),
});

export function addFind(desk) {
  const find = new Find(desk);
  const whenOpen = () => find.isOpen;
  desk.extend(field);
  desk.commands.add(
    { id: "find", name: say("find"), group: "text", keys: ["Mod-f"], run: () => find.open() },
    { id: "find-next", name: say("find-next"), group: "text", keys: ["F3"], when: whenOpen, run: () => find.go(1) },
    { id: "find-previous", name: say("find-previous"), group: "text", keys: ["Shift-F3"], when: whenOpen, run: () => find.go(-1) },
  );
}

class Find {
  constructor(desk) {
    const bar = document.getElementById("find-bar");
    const [find, replace, count, fault, list, makes, all] = ["find", "replace", "count", "fault", "list", "makes", "all"].map((name) => bar.querySelector(`[data-find="${name}"]`));
    Object.assign(this, { desk, bar, find, replace, count, fault, list, makes, all, matches: [], left: new Set() });
    for (const input of [find, ...bar.querySelectorAll("[data-option]")]) input.addEventListener("input", () => this.#asked());
    replace.addEventListener("input", () => this.#listReplacements());
    replace.addEventListener("focus", () => this.#listReplacements());
    bar.addEventListener("keydown", (event) => this.#pressed(event));
    bar.addEventListener("click", (event) => this.#clicked(event.target.closest("[data-act]")?.dataset.act));
    list.addEventListener("change", ({ target }) => this.#choose(target));
    all.addEventListener("click", () => this.#replaceAll());
    desk.on("change", () => this.isOpen && this.#look());
    desk.on("caret", () => this.isOpen && this.#mark());
    desk.on("leave", () => this.isOpen && this.#shut());
  }

  get isOpen() {
    return !this.bar.hidden;
  }

  open() {
    const { state } = this.desk.view;
    const { from, to } = state.selection.main;
    const selected = state.sliceDoc(from, to);
    if (!this.isOpen) this.start = from;
    this.bar.hidden = false;
    this.makes.hidden = true;
    if (selected && !selected.includes("\n")) this.find.value = selected;
    this.find.focus();
    this.find.select();
    this.#look();
  }

  /** Go to the next (1) or previous (-1) match, round the text's ends. */
  go(step) {
    const { from, to } = this.desk.view.state.selection.main;
    const next = step > 0 ? this.matches.find((match) => match.from >= to && match.to > from) : this.matches.findLast((match) => match.to <= from);
    this.#show(next ?? this.matches.at(step > 0 ? 0 : -1));
  }

  #show(match) {
    if (!match) return;
    this.desk.view.dispatch({ selection: EditorSelection.range(match.from, match.to), userEvent: "select", scrollIntoView: true });
    this.desk.sheet.follow(true);
  }

  get #query() {
    const isOn = (name) => this.bar.querySelector(`[data-option="${name}"]`).checked;
    return { find: this.find.value, replace: this.replace.value, matchCase: isOn("case"), wholeWords: isOn("words"), pattern: isOn("pattern") };
  }

  // While one types, the first match from where one began is shown.
  #asked() {
    this.#look();
    this.#show(this.matches.find(({ from }) => from >= this.start) ?? this.matches[0]);
  }

  #look() {
    this.fault.hidden = true;
    try {
      this.matches = matchesOf(this.desk.view.state.doc, this.#query);
    } catch {
      this.matches = [];
      this.fault.hidden = false;
    }
    this.find.setAttribute("aria-invalid", !this.fault.hidden);
    this.left.clear();
    this.#mark();
    if (!this.makes.hidden) this.#listReplacements();
  }

  #mark() {
    const { from, to } = this.desk.view.state.selection.main;
    const here = this.matches.findIndex((match) => match.from === from && match.to === to);
    queueMicrotask(() => this.isOpen && this.#dress(here)); // a listener may not change the view while it updates
    const n = this.matches.length;
    this.#tell(!this.find.value || !this.fault.hidden ? "" : here < 0 ? say("find-count", { n }) : say("find-place", { n: here + 1, total: n }));
  }

  #dress(here) {
    const marks = this.matches.flatMap((match, i) => (match.from < match.to ? [(i === here ? HERE : HIT).range(match.from, match.to)] : []));
    this.desk.view.dispatch({ effects: setMatches.of(Decoration.set(marks)) });
  }

  #tell(words) {
    if (this.count.textContent !== words) this.count.textContent = words;
  }

  #listReplacements() {
    this.makes.hidden = false;
    const query = this.#query;
    this.list.replaceChildren(...this.matches.slice(0, LISTED).map((match, index) => this.#replacement(match, index, query)));
    const more = this.matches.length - LISTED;
    if (more > 0) this.list.append(Object.assign(document.createElement("li"), { textContent: say("find-more", { n: more }) }));
    this.#countChosen();
  }

  #replacement(match, index, query) {
    const { doc } = this.desk.view.state;
    const line = doc.lineAt(match.from);
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: !this.left.has(index) });
    box.dataset.match = index;
    const made = document.createElement("span");
    const part = (tag, words) => words && made.append(Object.assign(document.createElement(tag), { textContent: words.replaceAll("\n", "↵") }));
    part("span", doc.sliceString(Math.max(line.from, match.from - AROUND), match.from));
    part("del", doc.sliceString(match.from, match.to));
    part("ins", replacementOf(match, query));
    part("span", doc.sliceString(match.to, Math.min(Math.max(line.to, match.to), match.to + AROUND)));
    const label = document.createElement("label");
    label.append(box, Object.assign(document.createElement("span"), { className: "find-line num", textContent: say("line-number", { n: line.number }) }), made);
    const item = document.createElement("li");
    item.append(label);
    return item;
  }

  #choose({ checked, dataset }) {
    if (checked) this.left.delete(Number(dataset.match));
    else this.left.add(Number(dataset.match));
    this.#countChosen();
  }

  #countChosen() {
    const n = this.matches.length - this.left.size;
    this.all.textContent = say("replace-chosen", { n });
    this.all.disabled = !n;
  }

  // One step to undo; only what matched is changed, so that all other words keep their print.
  #replaceAll() {
    const query = this.#query;
    const chosen = this.matches.filter((_, index) => !this.left.has(index));
    const changes = chosen.map((match) => ({ from: match.from, to: match.to, insert: replacementOf(match, query) }));
    if (!changes.length) return;
    this.desk.view.dispatch({ changes, userEvent: "input.replace", annotations: [Transaction.addToHistory.of(true), isolateHistory.of("full")] });
    this.#tell(say("replaced", { n: changes.length }));
    this.find.focus();
  }

  #pressed(event) {
    if (event.isComposing) return;
    const isField = event.target === this.find || event.target === this.replace;
    if (event.key === "Escape") this.#close();
    else if (event.key === "Enter" && isField) this.go(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #clicked(act) {
    if (act === "next") this.go(1);
    if (act === "previous") this.go(-1);
    if (act === "close") this.#close();
  }

  #close() {
    this.#shut();
    this.desk.editor.focus();
    this.desk.sheet.follow(true);
  }

  #shut() {
    this.bar.hidden = true;
    this.desk.view.dispatch({ effects: setMatches.of(Decoration.none) });
  }
}
