// Notes on words, a line or the page: beside the text, each with the print it hangs on.
import { Decoration, EditorView, StateEffect, StateField } from "../codemirror.js";
import { showToast } from "../toast.js";
import { printedLinesOf, tieAt, ties } from "./anchors.js";
import { showCut } from "./scan.js";
import { say } from "./words.js";

const PRINT_HEIGHT = 40; // CSS px of a printed line in the panel
const MARGIN = 8; // pixels of the page around the print

const setNoted = StateEffect.define();
const NOTED = Decoration.mark({ class: "has-note" });
const field = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) if (effect.is(setNoted)) return marked(transaction.state, effect.value);
    return marks.map(transaction.changes);
  },
  provide: (self) => EditorView.decorations.from(self),
});

// Words that an open note hangs on.
function marked(state, notes) {
  const on = (tie) => notes.some(({ line, first, last }) => line === tie.line && (first === null || (first <= tie.last && tie.word <= last)));
  return Decoration.set(state.field(ties).filter(on).map(({ from, to }) => NOTED.range(from, to)));
}

export function addNotes(desk) {
  desk.extend(field);
  const notes = new Notes(desk);
  desk.on("open", (data) => notes.load(data));
  desk.commands.add(
    { id: "notes", name: say("notes-open"), group: "page", run: () => notes.toggle() },
    { id: "note-here", name: say("note-here"), group: "page", keys: ["Mod-Shift-m"], run: () => notes.begin() },
  );
}

class Notes {
  constructor(desk) {
    this.desk = desk;
    this.panel = document.getElementById("notes-panel");
    this.list = this.panel.querySelector("[data-notes]");
    this.form = this.panel.querySelector("form");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#write();
    });
    this.form.elements.on.forEach((choice) => choice.addEventListener("change", () => this.#showPlace()));
    this.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
    this.panel.querySelector("[data-close]").addEventListener("click", () => this.close());
  }

  async load(data) {
    this.items = [];
    this.#show();
    const { status, body } = await this.#call("GET", data.urls.notes);
    if (status !== 200 || this.desk.data !== data) return;
    this.items = body.items;
    this.#show();
  }

  #call(method, url, body) {
    const { server } = this.desk.saving;
    return method === "GET" ? server.get(url) : server.call(method, url, body);
  }

  toggle() {
    if (this.panel.hidden) this.#open();
    else this.close();
  }

  /** Begin a note on what is selected, or the word at the caret. */
  begin() {
    this.#open();
    const { from, to } = this.desk.editor.state.selection.main;
    this.form.elements.on.value = from === to && !tieAt(this.desk.editor.state, from) ? "line" : "words";
    this.#showPlace();
    this.form.elements.body.focus();
  }

  #open() {
    this.panel.hidden = false;
    this.#showPlace();
    this.panel.querySelector("h2").focus();
  }

  close() {
    this.panel.hidden = true;
    this.desk.editor.focus();
  }

  // What a new note would hang on: `{line?, first?, last?, quote}` as the API takes it.
  #place() {
    const { state } = this.desk.editor;
    const { from, to, head } = state.selection.main;
    const on = this.form.elements.on.value;
    const row = state.doc.lineAt(head);
    const line = printedLinesOf(state)[row.number - 1];
    if (on === "page" || line === undefined || line < 0) return { quote: "" };
    if (on === "line") return { line, quote: row.text };
    const chosen = state.field(ties).filter((tie) => tie.line === line && tie.from <= to && from <= tie.to);
    if (!chosen.length) return { line, quote: row.text };
    return { line, first: chosen[0].word, last: chosen.at(-1).last, quote: state.doc.sliceString(chosen[0].from, chosen.at(-1).to) };
  }

  #showPlace() {
    const shown = this.panel.querySelector("[data-print]");
    const { line, first, last } = this.#place();
    shown.hidden = line === undefined;
    if (line === undefined) return;
    const { page } = this.desk;
    const printed = page.lines[line];
    const [x, y, width, height] = first === undefined ? printed.box : page.boxOf({ line, word: first, last });
    const box = [Math.max(0, x - MARGIN), Math.max(0, y - MARGIN), width + 2 * MARGIN, height + 2 * MARGIN];
    showCut(shown, page, box, Math.min(PRINT_HEIGHT / box[3], (this.form.clientWidth - 4) / box[2]));
  }

  async #write() {
    const { body } = this.form.elements;
    if (!body.value.trim()) return body.focus();
    const { status, body: note } = await this.#call("POST", this.desk.data.urls.notes, { body: body.value.trim(), ...this.#place() });
    if (status !== 201) return this.#refused(note);
    body.value = "";
    this.items.push(note);
    this.#show();
    this.desk.announce(say("note-written"));
    return undefined;
  }

  #refused(answer) {
    showToast(answer.detail || say("note-not-sent"));
  }

  async #act(note, action) {
    const { status, body } = await this.#call("POST", `${this.desk.data.urls.note}${note.id}/${action}`, {});
    if (status !== 200) return this.#refused(body);
    this.items = this.items.map((each) => (each.id === body.id ? body : each));
    this.#show();
    return this.desk.announce(say(body.state === "open" ? "note-reopen" : "note-settle"));
  }

  async #answer(note, words) {
    const { status, body } = await this.#call("POST", this.desk.data.urls.notes, { body: words, parent: note.id });
    if (status !== 201) return this.#refused(body);
    this.items = this.items.map((each) => (each.id === body.id ? body : each));
    return this.#show();
  }

  #show() {
    const open = this.items.filter(({ state }) => state === "open");
    this.desk.view.dispatch({ effects: setNoted.of(open.filter(({ line }) => line !== null)) });
    const count = document.getElementById("notes-count");
    count.textContent = open.length || "";
    count.hidden = !open.length;
    const held = this.list.contains(document.activeElement) && document.activeElement.closest(".note").dataset.id;
    const shown = this.items.filter(({ state }) => state !== "withdrawn");
    this.list.replaceChildren(...shown.map((note) => this.#drawn(note)));
    this.panel.querySelector("[data-none]").hidden = shown.length > 0;
    if (held) (this.list.querySelector(`[data-id="${held}"] [data-settle]`) ?? this.panel.querySelector("h2")).focus();
  }

  #drawn(note) {
    const item = document.getElementById("note-shape").content.firstElementChild.cloneNode(true);
    const part = (name) => item.querySelector(`[data-${name}]`);
    Object.assign(item.dataset, { state: note.state, id: note.id });
    if (note.picture) Object.assign(part("picture"), { src: note.picture, alt: note.quote, hidden: false });
    part("body").textContent = note.body;
    part("by").textContent = note.by;
    part("answers").replaceChildren(...note.answers.filter(({ state }) => state !== "withdrawn").map(({ by, body }) => Object.assign(document.createElement("p"), { textContent: say("note-answer", { person: by, words: body }) })));
    const settle = part("settle");
    settle.textContent = note.state === "open" ? say("note-settle") : say("note-reopen");
    settle.addEventListener("click", () => this.#act(note, note.state === "open" ? "settle" : "reopen"));
    part("withdraw").hidden = note.by !== this.desk.data.person && note.by !== this.desk.saving.person;
    part("withdraw").addEventListener("click", () => this.#act(note, "withdraw"));
    part("go").hidden = note.line === null;
    part("go").addEventListener("click", () => this.desk.sheet.goTo(note.line, note.first ?? 0));
    part("answer").addEventListener("submit", (event) => {
      event.preventDefault();
      const { words } = event.target.elements;
      if (words.value.trim()) this.#answer(note, words.value.trim());
    });
    return item;
  }
}
