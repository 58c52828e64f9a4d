// Word check as you type: what the book and its dictionaries say of the words on the page, and what a word may be.
// Each word is asked about once a session; without the server nothing is marked.
import { Decoration, EditorView, StateEffect, StateField } from "../codemirror.js";
import { wordsOf } from "./doubtful-words.js";
import { ask } from "./lookups.js";
import { unclosedMark } from "./marks.js";
import { say } from "./words.js";

const REST = 300; // ms after the last key
const AT_ONCE = 500; // words a request takes
const LONGEST = 100; // letters a word may have to be asked about

const setOpenMark = StateEffect.define();
const openMark = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) if (effect.is(setOpenMark)) return effect.value;
    return marks.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function addSpelling(desk) {
  desk.spelling = new Spelling(desk);
  desk.checks.push(() => desk.spelling.firstStray());
}

/** Emits "words" on the desk when more is known of the words on the page. */
export class Spelling {
  constructor(desk) {
    this.desk = desk;
    this.books = new Map(); // slug -> what is known of its words
    this.readings = {}; // of the page's doubtful words, by place
    desk.extend(openMark);
    desk.on("leave", () => this.#forgetPage());
    desk.on("open", (data) => this.#open(data));
    desk.on("change", () => this.#rest());
  }

  /** "unknown", "bad" or "scanno" where every form is doubted. */
  verdict(forms) {
    const { verdicts, good } = this.#book;
    if (!forms.length || forms.some((form) => good.has(form))) return undefined;
    const all = forms.map((form) => verdicts.get(form));
    return all.every(Boolean) ? all[0] : undefined;
  }

  /** Whether somebody here said that the word is right in this book. */
  isGood(word) {
    return this.#book.good.has(word);
  }

  /** The first character of a text that the book is not written with, or undefined. */
  stray(text) {
    const { expected } = this.#book;
    return expected && /[^ -~]/.test(text) ? Array.from(text).find((char) => !expected.test(char)) : undefined;
  }

  /** What stands against handing the page in: `{words, at}`, or undefined. */
  firstStray() {
    for (const { text, from } of wordsOf(this.desk.text)) {
      const char = this.stray(text);
      if (char) return { words: say("stray-on-line", { char, line: this.desk.view.state.doc.lineAt(from).number }), at: from };
    }
    return undefined;
  }

  /** Readings of a doubtful word as they are known now: `{readings, known, why?}` or undefined. */
  readingsNow({ key, text, isUntouched }) {
    return (isUntouched && this.readings[key]) || this.#book.readings.get(text);
  }

  /** Readings of any word; resolves to the same, or undefined. */
  async readingsOf(word) {
    const now = this.readingsNow(word);
    if (now || word.text.length > LONGEST) return now;
    const book = this.#book;
    const { ok, body } = await ask(`${this.desk.data.urls.word_readings}?word=${encodeURIComponent(word.text)}`);
    if (ok) book.readings.set(word.text, body);
    return ok ? body : undefined;
  }

  /** Say that a word is right in this book, for everybody; resolves to undefined, or the sentence why not. */
  async addWord(word, place) {
    const book = this.#book;
    const { ok, body } = await ask(this.desk.data.urls.suggest_word, { word, ...place });
    if (!ok) return body?.detail ?? say("not-added");
    book.good.add(word);
    this.desk.emit("words");
    return undefined;
  }

  get #book() {
    const { slug } = this.desk.data.project;
    if (!this.books.has(slug)) this.books.set(slug, { verdicts: new Map(), good: new Set(), readings: new Map(), asked: new Set() });
    return this.books.get(slug);
  }

  #forgetPage() {
    clearTimeout(this.timer);
    this.readings = {};
  }

  async #open(data) {
    this.#rest();
    this.#learnCharacters(data);
    const { ok, body } = await ask(data.urls.readings);
    if (!ok || this.desk.data !== data) return;
    this.readings = body.words;
    this.desk.emit("words");
  }

  async #learnCharacters(data) {
    const book = this.#book;
    if (book.expected) return;
    const { ok, body } = await ask(data.urls.characters);
    if (!ok || !body.allowed) return;
    book.expected = new RegExp(`^${body.allowed}$`, "u");
    if (this.desk.data === data) this.desk.emit("words");
  }

  #rest() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#rested(), REST);
  }

  #rested() {
    this.#showOpenMark();
    this.#check(this.#book);
  }

  async #check(book) {
    const words = [...new Set(wordsOf(this.desk.text).flatMap(({ forms }) => forms))].filter((form) => form.length <= LONGEST && !book.asked.has(form)).slice(0, AT_ONCE);
    if (!words.length) return;
    for (const word of words) book.asked.add(word);
    const { ok, body } = await ask(this.desk.data.urls.check_words, { words });
    for (const word of words) {
      if (ok) book.verdicts.set(word, body.words[word]);
      else book.asked.delete(word); // asked again with the next change
    }
    if (ok && Object.keys(body.words).length && this.#book === book) this.desk.emit("words");
    if (ok && words.length === AT_ONCE) this.#rest();
  }

  #showOpenMark() {
    const { view } = this.desk;
    const fault = unclosedMark(this.desk.text.split("\n"));
    if (!fault && view.state.field(openMark).size === 0) return;
    view.dispatch({ effects: setOpenMark.of(fault ? markAt(view.state, fault) : Decoration.none) });
  }
}

function markAt(state, { mark, row }) {
  const line = state.doc.line(row + 1);
  const from = line.from + Math.max(0, line.text.lastIndexOf(mark));
  const title = say("unclosed", { line: row + 1, mark });
  return Decoration.set(Decoration.mark({ class: "open-mark", attributes: { title } }).range(from, Math.min(line.to, from + mark.length)));
}
