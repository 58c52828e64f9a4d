// Codes for letters that a keyboard lacks: `[=a]` becomes ā on its closing bracket. The same letters as exports/letters.py; a test holds both alike.
import { EditorView, Transaction, isolateHistory } from "../codemirror.js";
import { brackets } from "./notation.js";

const ABOVE = { "=": "\u0304", ":": "\u0308", ".": "\u0307", "`": "\u0300", "'": "\u0301", "^": "\u0302", ")": "\u0306", "~": "\u0303", v: "\u030c", ",": "\u0327" };
const BELOW = { "=": "\u0331", ":": "\u0324", ".": "\u0323", ")": "\u032e", "~": "\u0330", "^": "\u032d" };
const LIGATURES = { oe: "œ", OE: "Œ", Oe: "Œ", ae: "æ", AE: "Æ", Ae: "Æ" };
const CODE = /^\[(?:([=:.`'^)~v,])([A-Za-zÆæŒœ])|([A-Za-z])([=:.)~^]))\]$/;
const LENGTH = 4;

/** The letter that a code such as `[=a]` or `[oe]` stands for, or undefined. */
export function letterOf(code) {
  const ligature = LIGATURES[code.slice(1, -1)];
  if (ligature) return ligature;
  const [, above, letter, base, below] = CODE.exec(code) ?? [];
  if (!above && !below) return undefined;
  return (above ? letter + ABOVE[above] : base + BELOW[below]).normalize("NFC");
}

/** Turn a code into its letter when its closing bracket is typed. It is a step of its own: undoing it gives the code back, and it stays. */
export function addLetters(desk) {
  desk.extend(EditorView.inputHandler.of((view, from, to, typed, insert) => {
    if (typed !== "]" || view.composing) return false;
    view.dispatch(insert());
    const end = view.state.selection.main.head;
    const start = end - LENGTH;
    const letter = start >= 0 && letterOf(view.state.sliceDoc(start, end));
    if (letter && !isQuoted(view.state.doc, start)) turn(view, start, end, letter);
    return true;
  }));
}

function turn(view, from, to, letter) {
  view.dispatch({ changes: { from, to, insert: letter }, userEvent: "input.code", scrollIntoView: true, annotations: [Transaction.addToHistory.of(true), isolateHistory.of("full")] });
}

// In a note to the next reader, and in transliterated Greek, a code stands for itself.
function isQuoted(doc, position) {
  let first = doc.lineAt(position).number;
  while (first > 1 && doc.line(first - 1).length) first--;
  const { from } = doc.line(first);
  const paragraph = doc.sliceString(from, position + LENGTH);
  const inNote = brackets(paragraph).some((bracket) => bracket.kind === "note" && bracket.from < position - from && position - from < bracket.to);
  return inNote || /\[Greek:[^\]]*$/.test(paragraph.slice(0, position - from));
}
