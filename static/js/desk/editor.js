// The text being proofread. The desk knows it only by this class, so a richer editor may take its place:
// it offers `text`, `rows`, `caret`, `select`, `replaceAll`, `focus`, `measure`, `baseline`, `rowTop`, `rowHeight`, `underline`
// and the events "input" and "caret" on `area`.

const PROBE = 100; // CSS px, the size at which widths are measured

export class Editor {
  /** @param {HTMLTextAreaElement} area */
  constructor(area) {
    this.area = area;
    this.pane = area.parentElement;
    this.mirror = document.createElement("div");
    this.mirror.className = "mirror";
    this.mirror.setAttribute("aria-hidden", "true");
    this.mirror.dir = area.dir;
    this.pane.prepend(this.mirror);
    this.marks = new Map();
    this.rows = [];
    this.#read();
    area.addEventListener("input", () => this.#read());
    document.addEventListener("selectionchange", () => document.activeElement === area && this.#caretMoved());
    for (const event of ["focus", "click", "keyup", "input"]) area.addEventListener(event, () => this.#caretMoved());
  }

  get text() {
    return this.area.value;
  }

  /** Where the caret (the selection's start) is: `{row, column}`, from 0. */
  get caret() {
    const before = this.area.value.slice(0, this.area.selectionStart);
    const start = before.lastIndexOf("\n") + 1;
    return { row: before.split("\n").length - 1, column: before.length - start };
  }

  focus() {
    this.area.focus({ preventScroll: true });
  }

  /** Select columns `from` to `to` of a row and focus the text. */
  select(row, from, to = from) {
    const start = this.rows.slice(0, row).reduce((sum, line) => sum + line.length + 1, 0);
    this.focus();
    this.area.setSelectionRange(start + from, start + to);
    this.#caretMoved();
  }

  /** Put other text in place of all; the caret stays where it can. */
  replaceAll(text) {
    const at = this.area.selectionStart;
    this.area.value = text;
    this.area.setSelectionRange(at, at);
    this.#read();
    this.area.dispatchEvent(new Event("input"));
  }

  /** Width of the longest row at a font size of 1 px, CSS px. */
  measure(stretch = "100%") {
    const longest = this.rows.reduce((a, b) => (b.length > a.length ? b : a), "");
    const probe = document.createElement("span");
    probe.textContent = longest;
    Object.assign(probe.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre", fontSize: `${PROBE}px`, fontFamily: getComputedStyle(this.area).fontFamily, fontStretch: stretch });
    this.pane.append(probe);
    const width = probe.getBoundingClientRect().width;
    probe.remove();
    return width / PROBE;
  }

  /** Where the letters stand within a row, CSS px from its top. */
  baseline() {
    const row = document.createElement("div");
    const foot = row.appendChild(document.createElement("span"));
    Object.assign(foot.style, { display: "inline-block" });
    this.mirror.append(row);
    const base = foot.getBoundingClientRect().bottom - row.getBoundingClientRect().top;
    row.remove();
    return base;
  }

  /** Top of a row, CSS px from the top of the text pane. */
  rowTop(row) {
    return this.mirror.children[Math.min(row, this.rows.length - 1)]?.offsetTop ?? 0;
  }

  /** Height of a row, CSS px: more than one line where it is folded. */
  rowHeight(row) {
    return this.mirror.children[Math.min(row, this.rows.length - 1)]?.offsetHeight ?? 0;
  }

  /** Dress words: a map of row to `[{from, to, checked}]`. */
  underline(marks) {
    const changed = new Set([...this.marks.keys(), ...marks.keys()]);
    this.marks = marks;
    for (const row of changed) if (row < this.rows.length) this.#dress(row);
  }

  #read() {
    const rows = this.area.value.split("\n");
    let head = 0;
    while (head < rows.length && head < this.rows.length && rows[head] === this.rows[head]) head++;
    let tail = 0;
    while (tail < rows.length - head && tail < this.rows.length - head && rows.at(-1 - tail) === this.rows.at(-1 - tail)) tail++;
    for (let gone = this.rows.length - tail - head; gone > 0; gone--) this.mirror.children[head].remove();
    const after = this.mirror.children[head] ?? null;
    for (const row of rows.slice(head, rows.length - tail)) {
      const line = document.createElement("div");
      line.textContent = row;
      this.mirror.insertBefore(line, after);
    }
    this.rows = rows;
  }

  #dress(row) {
    const text = this.rows[row];
    const parts = [];
    let at = 0;
    for (const { from, to, checked } of this.marks.get(row) ?? []) {
      const mark = document.createElement("u");
      mark.textContent = text.slice(from, to);
      mark.classList.toggle("is-checked", checked);
      parts.push(text.slice(at, from), mark);
      at = to;
    }
    this.mirror.children[row].replaceChildren(...parts, text.slice(at));
  }

  #caretMoved() {
    this.area.dispatchEvent(new Event("caret"));
  }
}
