// Doubtful words: those the OCR or the lexicon suspects and nobody has changed. F8 goes from one to the next.
import { say } from "./words.js";

const DOUBTFUL = 0.1; // doubt from which a word is shown: as in pipeline/runs.py
const AT_MOST = 15; // a page; the rest stay underlined but are not visited

export class Doubt {
  constructor(sheet, editor) {
    Object.assign(this, { sheet, editor, nav: document.getElementById("doubt-nav"), count: document.getElementById("doubt-count") });
    this.checked = new Set();
    this.words = [];
  }

  /** Look for doubtful words anew. */
  find() {
    const all = this.editor.rows.flatMap((_, row) =>
      this.sheet.wordsOf(row)
        .filter(({ text, print }) => print && print.suspect >= DOUBTFUL && print.text === text)
        .map((word) => ({ ...word, row })),
    );
    const least = all.map(({ print }) => print.suspect).sort((a, b) => b - a)[AT_MOST - 1] ?? 0;
    this.words = all.filter(({ print }) => print.suspect >= least).slice(0, AT_MOST);
    this.all = all;
    this.#dress();
    this.#tell();
  }

  /** Go to the next (1) or previous (-1) doubtful word; what is left behind counts as looked at. */
  go(step) {
    if (!this.words.length) return;
    const { row, column } = this.editor.caret;
    const isBefore = (word) => word.row < row || (word.row === row && word.from < column);
    const here = this.words.findIndex((word) => word.row === row && word.from === column);
    if (here >= 0) this.checked.add(this.words[here].print);
    const before = this.words.filter(isBefore).length;
    const next = step > 0 ? (here >= 0 ? here + 1 : before) : before - 1;
    const word = this.words.at(next % this.words.length);
    this.editor.select(word.row, word.from, word.to);
    this.sheet.follow(true);
    this.#dress();
    this.#tell(word);
  }

  #dress() {
    const marks = new Map();
    for (const { row, from, to, print } of this.all) {
      marks.set(row, [...(marks.get(row) ?? []), { from, to, checked: this.checked.has(print) }]);
    }
    this.editor.underline(marks);
  }

  #tell(word) {
    const total = this.words.length;
    const n = word ? this.words.indexOf(word) + 1 : 0;
    this.nav.hidden = !total;
    this.count.textContent = n ? say("doubtful-one", { n, total }) : say("doubtful-all", { total });
    if (word) this.count.setAttribute("aria-label", say("at-doubt", { n, total, line: word.row + 1, word: word.text }));
    else this.count.removeAttribute("aria-label");
  }
}
