// Lines that are no part of the text (running head, page number, signature, catchword): tags at their height, each a way back.
import { printedLinesOf, ties } from "./anchors.js";
import { say } from "./words.js";
import { showToast } from "../toast.js";

const ABOVE = 4; // CSS px between the text's last row and the tags under it

export function addLeftOut(desk) {
  const tags = new LeftOut(desk);
  desk.on("start", () => tags.attach());
  desk.on("open", () => tags.open());
  desk.on("change", () => tags.refresh());
  desk.on("drawn", () => tags.place());
  desk.commands.add({ id: "bring-line-back", name: say("bring-line-back"), group: "text", keys: ["Mod-Shift-l"], when: () => tags.waiting.length > 0, run: () => tags.bringBack(tags.waiting[0]) });
}

class LeftOut {
  constructor(desk) {
    this.desk = desk;
    this.template = document.getElementById("left-out-tag");
    this.tags = new Map(); // printed line -> its button
    this.groups = [];
  }

  attach() {
    const pane = document.getElementById("text-pane");
    this.groups = ["top", "foot"].map((edge) => {
      const group = Object.assign(document.createElement("div"), { className: `left-out is-${edge}` });
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", say("left-out"));
      pane[edge === "top" ? "prepend" : "append"](group);
      return group;
    });
  }

  /** The printed lines that the text does not have. */
  get waiting() {
    return [...this.tags].filter(([, tag]) => !tag.hidden).map(([line]) => line);
  }

  open() {
    const { lines } = this.desk.page;
    const body = lines.filter(({ outside, words }) => !outside && words.length);
    const middle = body.length ? (Math.min(...body.map(({ base }) => base)) + Math.max(...body.map(({ base }) => base))) / 2 : Infinity;
    this.tags = new Map();
    for (const group of this.groups) group.replaceChildren();
    const places = lines.map((line, at) => ({ ...line, at })).filter(({ outside, words }) => outside && words.length);
    for (const line of places.sort((a, b) => a.base - b.base || a.left - b.left)) {
      const group = this.groups[line.base > middle ? 1 : 0];
      group.append(this.#tag(line));
    }
    this.refresh();
    this.place();
  }

  #tag({ at, kind, words }) {
    const tag = this.template.content.firstElementChild.cloneNode(true);
    tag.querySelector("[data-kind]").textContent = this.template.dataset[kind] ?? this.template.dataset.other;
    tag.querySelector("[data-words]").textContent = words.map(({ text }) => text).join(" ");
    tag.addEventListener("click", () => this.bringBack(at));
    this.tags.set(at, tag);
    return tag;
  }

  /** Show the tags of the lines that the text does not have now. */
  refresh() {
    const { state } = this.desk.editor;
    const rows = new Set([...state.doc.iterLines()].map((row) => row.trim()));
    const tied = new Set(state.field(ties).map(({ line }) => line));
    for (const [line, tag] of this.tags) tag.hidden = tied.has(line) || rows.has(this.#words(line));
    for (const group of this.groups) group.hidden = ![...group.children].some((tag) => !tag.hidden);
  }

  /** Put the tags at the height of their print, where scan and text stand side by side; else above and under the text. */
  place() {
    const { sheet, view } = this.desk;
    if (!this.tags.size || !sheet.layout || !view.dom.isConnected) return;
    const [top, foot] = this.groups;
    const beside = sheet.layoutName === "facing";
    const pane = top.parentElement;
    const origin = pane.getBoundingClientRect().top - pane.scrollTop;
    top.classList.toggle("is-beside", beside);
    top.classList.toggle("is-aside", beside && !this.#standsFree());
    top.style.insetBlockStart = beside ? `${sheet.turn ? 0 : this.#height(top)}px` : "";
    const end = view.documentTop - origin + view.lineBlockAt(view.state.doc.length).bottom + ABOVE;
    foot.style.insetBlockStart = `${beside && !sheet.turn ? Math.max(end, this.#height(foot)) : end}px`;
  }

  // Whether the rows of the text leave room for the tags at the height of the print.
  #standsFree() {
    const { sheet, view, page } = this.desk;
    if (sheet.turn) return false;
    const first = [...this.tags.keys()].find((line) => this.tags.get(line).parentElement === this.groups[0]);
    if (first === undefined) return false;
    const { top, height } = sheet.layout.place(page.lines[first].box);
    const row = view.lineBlockAt(0);
    const text = Array.isArray(row.type) ? row.type.at(-1).top : row.top;
    return top + height <= view.documentTop - sheet.scan.getBoundingClientRect().top + text + ABOVE;
  }

  // Where the tags of a group go, CSS px in the sheet: their middle at the middle of the print.
  #height(group) {
    const { sheet, page } = this.desk;
    const line = [...this.tags].find(([, tag]) => tag.parentElement === group && !tag.hidden)?.[0];
    if (line === undefined) return 0;
    const { top, height } = sheet.layout.place(page.lines[line].box);
    return Math.max(0, top + (height - group.offsetHeight) / 2);
  }

  #words(line) {
    return this.desk.page.lines[line].words.map(({ text }) => text).join(" ");
  }

  /** Put a line into the text, as a row of its own, above the first row that is printed lower. */
  bringBack(line) {
    const { editor, page } = this.desk;
    const { doc } = editor.state;
    const text = this.#words(line);
    let row = printedLinesOf(editor.state).findIndex((at) => at >= 0 && page.lines[at].base > page.lines[line].base);
    const atEnd = row < 0;
    while (!atEnd && row > 0 && !doc.line(row).length) row--; // the blank line above a paragraph stays with it
    const at = atEnd ? doc.length : doc.line(row + 1).from;
    const isEmpty = !doc.length;
    const insert = isEmpty ? text : atEnd ? `\n${text}` : `${text}\n`;
    const start = atEnd && !isEmpty ? at + 1 : at;
    editor.change({ from: at, insert }, "input.bring-back", { anchor: start, head: start });
    editor.focus();
    showToast(say("line-brought-back", { text }), { label: say("undo"), run: () => this.#takeOut(start, text, atEnd) });
    this.desk.announce(say("line-brought-back", { text }));
  }

  // What the toast takes back, wherever the row stands by now.
  #takeOut(near, text, atEnd) {
    const { editor } = this.desk;
    const { doc } = editor.state;
    const row = [...Array(doc.lines).keys()].map((n) => doc.line(n + 1)).filter((each) => each.text === text).sort((a, b) => Math.abs(a.from - near) - Math.abs(b.from - near))[0];
    if (!row) return;
    const change = atEnd && row.from ? { from: row.from - 1, to: row.to } : { from: row.from, to: Math.min(doc.length, row.to + 1) };
    editor.change(change, "delete.line");
    editor.focus();
  }
}
