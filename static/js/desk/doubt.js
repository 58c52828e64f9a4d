// Doubtful words: underlined where they stand, reached one after the other by Tab or F8, counted in the tool row.
import { Decoration, EditorView, StateEffect, StateField } from "../codemirror.js";
import { bare, doubtfulWords } from "./doubtful-words.js";
import { say } from "./words.js";

const LOOKS = { faint: "is-faint", unlikely: "is-unlikely", scanno: "is-unlikely", unknown: "is-unknown", bad: "is-unknown", stray: "is-stray" };
const recount = StateEffect.define();

export function addDoubt(desk) {
  desk.doubt = new Doubt(desk);
}

export class Doubt {
  constructor(desk) {
    Object.assign(this, { desk, nav: document.getElementById("doubt-nav"), count: document.getElementById("doubt-count") });
    this.#reset();
    this.field = StateField.define({
      create: (state) => this.#find(state),
      update: (found, transaction) => (transaction.docChanged || transaction.effects.some((effect) => effect.is(recount)) ? this.#find(transaction.state) : found),
      provide: (field) => EditorView.decorations.from(field, ({ marks }) => marks),
    });
    desk.extend(this.field);
    desk.checked = () => [...this.checked];
    desk.unseen = () => this.stops.filter(({ isDone }) => !isDone).length;
    desk.on("leave", () => this.#reset());
    desk.on("open", () => this.tell());
    desk.on("words", () => this.#recount());
    desk.on("restore", ({ checked }) => checked && this.check(...checked));
    desk.on("caret", () => this.tell());
    this.#addCommands();
  }

  /** The doubtful words that are visited, in order. */
  get stops() {
    return this.desk.view.state.field(this.field).stops;
  }

  /** The doubtful word at a stretch of the text, or undefined. */
  at(from, to = from) {
    return this.desk.view.state.field(this.field).words.find((word) => word.from <= from && to <= word.to);
  }

  /** These words (by `id`) have been looked at. */
  check(...ids) {
    const fresh = ids.filter((id) => !this.checked.has(id));
    for (const id of fresh) this.checked.add(id);
    if (fresh.length) this.#recount();
  }

  /** Go to the next (1) or previous (-1) doubtful word; the one left behind has been looked at. Returns whether there was one. */
  go(step, { round = false } = {}) {
    const { from, to } = this.desk.view.state.selection.main;
    const left = this.desk.peek.range ?? { from, to };
    const here = this.stops.findIndex((word) => word.from === left.from && word.to === left.to);
    const { stops } = this;
    if (here >= 0) this.checked.add(stops[here].id);
    const next = here >= 0 ? here + step : step > 0 ? stops.findIndex((word) => word.from >= to) : stops.findLastIndex((word) => word.to <= from);
    const word = stops[next] ?? (round ? stops.at(step > 0 ? 0 : -1) : undefined);
    if (word) this.visit(word);
    else this.#recount();
    return Boolean(word);
  }

  /** Go to the next doubtful word; after the last one, to the button that hands the page in. */
  goOn() {
    if (this.go(1)) return;
    this.desk.peek.close();
    [...document.querySelectorAll("[data-done], [data-command='done']")].find((button) => button.offsetParent)?.focus();
  }

  visit(word) {
    this.desk.peek.show(word, { select: true, effects: [recount.of(null)] });
    this.tell();
  }

  /** Say of a word that is shown which doubtful one it is, and the first of its readings. */
  speak({ from, text }, readings = []) {
    const n = this.stops.findIndex((word) => word.from === from) + 1;
    const line = this.desk.view.state.doc.lineAt(from).number;
    const at = n && say("at-doubt", { n, total: this.stops.length, line, word: spokenForm(text, readings[0]) });
    const reading = readings.length && say("reading-one", { n: 1, reading: spokenForm(readings[0], text) });
    this.desk.announce([at || text, reading].filter(Boolean).join(" "));
  }

  /** Show how many there are, and which one the caret is at. */
  tell() {
    const { stops } = this;
    const { from, to } = this.desk.view.state.selection.main;
    const n = stops.findIndex((word) => word.from <= from && to <= word.to) + 1;
    const words = say(n ? (this.desk.peek.isDocked ? "doubtful-short" : "doubtful-one") : "doubtful-all", { n, total: stops.length });
    this.nav.hidden = !stops.length;
    if (this.count.textContent !== words) this.count.textContent = words;
  }

  #reset() {
    this.checked = new Set();
    this.met = new Map();
  }

  #recount() {
    this.desk.view.dispatch({ effects: recount.of(null) });
    this.tell();
  }

  #find(state) {
    const { desk, checked, met } = this;
    if (!desk.data) return { words: [], stops: [], marks: Decoration.none };
    const { spelling } = desk;
    const facts = {
      lines: desk.data.lines, readings: spelling.readings, checked, met,
      verdict: (forms) => spelling.verdict(forms), isGood: (word) => spelling.isGood(word), stray: (text) => spelling.stray(text),
    };
    const words = doubtfulWords(state, facts);
    const marks = Decoration.set(words.map(({ from, to, kind, isDone }) => dress(kind, isDone).range(from, to)));
    return { words, stops: words.filter(({ stop }) => stop), marks };
  }

  #addCommands() {
    const tab = (step) => () => {
      if (this.isLeaving || this.desk.settings.get("tabMovesFocus", false)) return false;
      if (step > 0) return this.goOn();
      return this.go(-1);
    };
    this.desk.commands.add(
      { id: "doubt-next", name: say("next-doubt"), group: "doubt", keys: ["F8"], run: () => this.go(1, { round: true }) },
      { id: "doubt-previous", name: say("previous-doubt"), group: "doubt", keys: ["Shift-F8"], run: () => this.go(-1, { round: true }) },
      { id: "doubt-tab", hidden: true, keys: ["Tab"], inText: true, run: tab(1) },
      { id: "doubt-back-tab", hidden: true, keys: ["Shift-Tab"], inText: true, run: tab(-1) },
    );
    // Escape lets the next Tab leave the text, as in CodeMirror; anything else takes that back.
    const leaves = (event) => {
      if (!["Tab", "Shift", "Alt", "Control", "Meta"].includes(event.key)) this.isLeaving = event.key === "Escape";
    };
    addEventListener("keydown", leaves, true);
    addEventListener("pointerdown", leaves, true);
    addEventListener("focusin", () => (this.isLeaving = false));
    this.desk.on("start", () => this.#describe());
    this.desk.settings.onChange((name) => name === "tabMovesFocus" && this.#describe());
  }

  // What the keys do is said with the text itself.
  #describe() {
    const tabLeaves = this.desk.settings.get("tabMovesFocus", false);
    document.getElementById("text-help").textContent = say(tabLeaves ? "text-help-f8" : "text-help-tab");
    this.nav.querySelector("kbd").textContent = tabLeaves ? "F8" : "Tab";
  }
}

const made = new Map();

function dress(kind, isDone) {
  const look = isDone ? "is-checked" : LOOKS[kind];
  if (!made.has(look)) made.set(look, Decoration.mark({ class: `doubt ${look}` }));
  return made.get(look);
}

// Stops and brackets are not read out, unless they are what is doubtful.
const spokenForm = (text, other = "") => (bare(text) && bare(text) !== bare(other) ? bare(text) : text);
