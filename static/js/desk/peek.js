// This word's print, what it may be, and why it is doubted: beside the word, or (docked, on a phone) at the foot of the window.
import { Decoration, EditorView, StateEffect, StateField } from "../codemirror.js";
import { showToast } from "../toast.js";
import { IS_MAC } from "./commands.js";
import { printedWord, wordAround } from "./doubtful-words.js";
import { option, reasons } from "./readings.js";
import { addResting } from "./resting.js";
import { showWordPrint } from "./word-print.js";
import { say } from "./words.js";

const WIDEST = 440; // CSS px of print beside its text
const AWAY = 12; // CSS px between word and peek

const setShown = StateEffect.define({ map: (range, changes) => range && mapped(range, changes) });
const mapped = ({ from, to }, changes) => ({ from: changes.mapPos(from, -1), to: changes.mapPos(to, 1) });
const hereMark = Decoration.mark({ class: "word-here" });

export function addPeek(desk) {
  desk.peek = new Peek(desk);
}

export class Peek {
  constructor(desk) {
    const part = document.getElementById("peek");
    const [print, list, why, field] = [".peek-print", ".peek-readings", ".peek-why", ".peek-field"].map((name) => part.querySelector(name));
    Object.assign(this, { desk, part, print, list, why, field });
    this.shown = StateField.define({
      create: () => null,
      update: (range, transaction) => {
        const set = transaction.effects.findLast((effect) => effect.is(setShown));
        return set ? set.value : range && transaction.docChanged ? mapped(range, transaction.changes) : range;
      },
      provide: (shown) => EditorView.decorations.from(shown, (range) => (range && range.from < range.to ? Decoration.set(hereMark.range(range.from, range.to)) : Decoration.none)),
    });
    const active = () => (this.isListed ? { "aria-controls": this.list.id, "aria-activedescendant": this.#options[this.active].id, "aria-haspopup": "listbox" } : {});
    desk.extend(this.shown, EditorView.contentAttributes.of(active), EditorView.updateListener.of((update) => this.#updated(update)));
    addResting(this, desk);
    desk.on("leave", () => this.#hide());
    desk.on("drawn", () => this.isOpen && this.#place());
    desk.on("words", () => this.isOpen && this.#fill());
    part.addEventListener("mousedown", (event) => event.target !== this.field && event.preventDefault()); // the focus stays where it is
    part.addEventListener("click", (event) => this.#clicked(event.target.closest("[role=option]")));
    this.#addCommands();
  }

  get isOpen() {
    return !this.part.hidden;
  }

  /** Where the word stands that is shown: `{from, to}`, or undefined. */
  get range() {
    return this.isOpen ? this.desk.view.state.field(this.shown) : undefined;
  }

  /** Show a word: `{from, to, text, forms, tie}`, and what makes it doubtful. `select` it too, with `effects` in the same step. */
  show(word, { byHover = false, select = false, effects = [] } = {}) {
    const { desk } = this;
    const { from, to } = word;
    const print = printedWord(desk.data.lines, word.tie);
    Object.assign(this, { word: { ...word, print, isUntouched: print?.text === word.text }, byHover, isListed: false });
    this.part.hidden = false;
    const selection = select && { selection: { anchor: from, head: to }, userEvent: "select", scrollIntoView: true };
    desk.view.dispatch({ effects: [setShown.of({ from, to }), ...effects], ...selection });
    if (select) desk.editor.focus();
    this.#fill();
    if (select) desk.sheet.follow(true);
    this.#place();
    if (!byHover) desk.doubt.speak(this.word, this.#known?.readings);
    if (!this.#known) this.#learn();
  }

  /** Show the word at the caret. */
  showHere() {
    const { state } = this.desk.view;
    const { from, to, head } = state.selection.main;
    const word = this.desk.doubt.at(from, to) ?? wordAround(state, head);
    if (word) this.show(word);
    return Boolean(word);
  }

  close() {
    if (!this.isOpen) return false;
    this.#hide();
    this.desk.view.dispatch({ effects: setShown.of(null) });
    return true;
  }

  #hide() {
    this.part.hidden = true;
    this.isListed = false;
  }

  /** Put reading `n` (from 0) in place of the word and go on. */
  take(n) {
    const reading = this.#known?.readings[n];
    if (reading === undefined) return false;
    this.replace(reading, "input.reading");
    this.desk.doubt.goOn();
    return true;
  }

  /** Put `text` in place of the word that is shown. */
  replace(text, userEvent) {
    const { from, to } = this.range;
    this.desk.editor.change({ from, to, insert: text }, userEvent, { anchor: from + text.length });
  }

  // --- What is shown ---------------------------------------------------------------------------------------------

  get #known() {
    return this.desk.spelling.readingsNow(this.word);
  }

  async #learn() {
    const { word } = this;
    const known = await this.desk.spelling.readingsOf(word);
    if (!known || this.word !== word || !this.isOpen) return;
    this.#fill();
    this.#place();
    this.desk.doubt.speak(word, known.readings);
  }

  #fill() {
    const known = this.#known;
    const readings = known?.readings ?? [];
    const options = readings.map((reading, i) => option(i, reading));
    if (this.#mayAdd(known)) options.push(option(options.length, say("add-word"), "is-add"));
    this.list.hidden = !options.length;
    this.list.replaceChildren(...options);
    this.why.replaceChildren(...reasons(this.word, known, { stray: this.desk.spelling.stray(this.word.text), key: this.#keepingKey }));
    if (this.field !== document.activeElement) this.field.value = this.word.text;
    if (this.isListed) this.#activate(Math.min(this.active, options.length - 1));
  }

  get #keepingKey() {
    if (this.isDocked) return say("next");
    return this.desk.settings.get("tabMovesFocus", false) ? "F8" : "Tab";
  }

  #mayAdd(known) {
    const { forms, kind } = this.word;
    return forms.length === 1 && kind !== "bad" && (kind === "unknown" || known?.known === false) && !this.desk.spelling.isGood(forms[0]);
  }

  // --- Where it is shown -----------------------------------------------------------------------------------------

  /** Draw the print, and put the peek above its word, or below where there is no room; never over it. */
  #place() {
    const { desk, part } = this;
    part.classList.toggle("is-docked", Boolean(this.isDocked));
    if (this.isDocked) return this.#showPrint(part.clientWidth - 2 * parseFloat(getComputedStyle(part).paddingInlineStart), true);
    const isInterlinear = desk.sheet.layoutName === "interlinear";
    const scroller = desk.sheet.layoutName === "stacked" ? desk.sheet.pane : desk.sheet.root;
    if (part.parentElement !== scroller) scroller.append(part);
    const range = desk.view.state.field(this.shown) ?? this.word;
    const [start, end] = [desk.view.coordsAtPos(range.from, 1), desk.view.coordsAtPos(range.to, -1)];
    if (!start || !end) return undefined;
    const [root, pane] = [scroller.getBoundingClientRect(), desk.sheet.pane.getBoundingClientRect()];
    this.#showPrint(isInterlinear ? 0 : Math.min(WIDEST, pane.width - 48));
    const wide = this.print.clientWidth; // as wide as the readings, where they are wider
    if (wide > this.print.firstChild.offsetWidth) this.#showPrint(wide, true);
    const { width, height } = part.getBoundingClientRect();
    const [left, right] = [Math.min(start.left, end.left), Math.max(start.right, end.right)];
    const middle = start.top === end.top ? (left + right) / 2 : (start.left + end.right) / 2;
    const isBelow = isInterlinear || Math.min(start.top, end.top) - height - AWAY < root.top;
    const x = Math.max(pane.left + 8, Math.min(middle - width / 2, pane.right - width - 8));
    const y = isBelow ? Math.max(start.bottom, end.bottom) + AWAY : Math.min(start.top, end.top) - height - AWAY;
    part.classList.toggle("is-below", isBelow);
    part.style.setProperty("--point", `${Math.max(16, Math.min(middle - x, width - 16))}px`);
    Object.assign(part.style, { left: `${x - root.left + scroller.scrollLeft}px`, top: `${y - root.top + scroller.scrollTop}px` });
    return undefined;
  }

  // Interlinear has the print right above the text, and gives it no room here.
  #showPrint(room, wide = false) {
    this.print.hidden = !room || !this.word.tie;
    if (!this.print.hidden) showWordPrint(this.print, this.desk.page, this.word.tie, room, wide);
  }

  // --- Staying with the word -------------------------------------------------------------------------------------

  #updated(update) {
    if (!this.isOpen || !(update.docChanged || update.selectionSet)) return;
    const range = update.state.field(this.shown);
    const { from, to } = update.state.selection.main;
    const isWord = range && !/\s/.test(update.state.sliceDoc(range.from, range.to));
    const isThere = isWord && ((this.byHover && !update.docChanged) || (range.from <= from && to <= range.to));
    if (!isThere) this.#closeSoon();
    else if (update.docChanged) this.#followEdit(range, update.state);
  }

  #followEdit(range, state) {
    const text = state.sliceDoc(range.from, range.to);
    if (this.field !== document.activeElement) this.field.value = text;
    requestAnimationFrame(() => this.isOpen && this.#place());
  }

  // An update must not start another one.
  #closeSoon() {
    const { word } = this;
    this.#hide();
    queueMicrotask(() => this.word === word && !this.isOpen && this.desk.view.dispatch({ effects: setShown.of(null) }));
  }

  // --- Taking a reading ------------------------------------------------------------------------------------------

  get #options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  #clicked(chosen) {
    if (!chosen) return;
    if (chosen.classList.contains("is-add")) this.addWord();
    else this.take(this.#options.indexOf(chosen));
  }

  async addWord() {
    const { word } = this;
    const { number } = this.desk.data.page;
    const fault = await this.desk.spelling.addWord(word.forms[0], { page: number, ...(word.print && word.isUntouched && { line: word.tie.line, index: word.tie.word }) });
    if (fault) return showToast(fault);
    this.desk.announce(say("word-added", { word: word.forms[0] }));
    if (this.word === word && this.isOpen) this.desk.doubt.goOn();
    return undefined;
  }

  /** The readings as a list: arrows choose, Enter takes. */
  #list() {
    if (!this.isOpen && !this.showHere()) return false;
    if (!this.#options.length) return true;
    this.isListed = true;
    this.#activate(0);
    return true;
  }

  #activate(n) {
    const options = this.#options;
    this.active = (n + options.length) % options.length;
    options.forEach((each, i) => each.setAttribute("aria-selected", i === this.active));
    this.desk.view.dispatch({});
  }

  #addCommands() {
    const listed = { hidden: true, inText: true, when: () => this.isOpen && this.isListed };
    // Elsewhere these chords would leave the page for another tab, so they are kept even while no word is shown.
    const kept = (n) => ({ id: `no-reading-${n}`, hidden: true, keys: [`Alt-${n}`], when: () => !IS_MAC && !this.isOpen, run: () => undefined });
    const reading = (n) => ({ id: `reading-${n + 1}`, name: say("take-reading", { n: n + 1 }), group: "doubt", keys: [`Alt-${n + 1}`], when: () => this.isOpen, run: () => this.take(n) });
    this.desk.commands.add(
      ...[1, 2, 3, 4].map(kept),
      { id: "peek-down", ...listed, keys: ["ArrowDown", "Alt-ArrowDown"], run: () => this.#activate(this.active + 1) },
      { id: "peek-up", ...listed, keys: ["ArrowUp"], run: () => this.#activate(this.active - 1) },
      { id: "peek-first", ...listed, keys: ["Home"], run: () => this.#activate(0) },
      { id: "peek-last", ...listed, keys: ["End"], run: () => this.#activate(-1) },
      { id: "peek-take", ...listed, keys: ["Enter"], run: () => this.#clicked(this.#options[this.active]) },
      { id: "peek", name: say("peek"), group: "doubt", keys: ["Alt-ArrowUp"], run: () => this.showHere() },
      { id: "peek-list", name: say("peek-list"), group: "doubt", keys: ["Alt-ArrowDown"], run: () => this.#list() },
      ...[0, 1, 2, 3].map(reading),
      { id: "add-word", name: say("add-word"), group: "doubt", when: () => this.isOpen && this.#mayAdd(this.#known), run: () => void this.addWord() },
      { id: "peek-close", hidden: true, keys: ["Escape"], when: () => this.isOpen, run: () => this.#escape() },
    );
  }

  #escape() {
    if (this.field === document.activeElement) this.desk.editor.focus();
    return this.close();
  }
}
