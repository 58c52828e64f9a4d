// Putting marks into the text and taking them out: each is one step to undo, and what was selected stays selected.
import { EditorSelection, redo, undo } from "../codemirror.js";
import { inlineMarks } from "./notation.js";
import { say } from "./words.js";

const WORD = /[^\s<>[\]]+/g;
const PUNCTUATION = /[.,;:!?]+$/;

const INLINE = [
  { kind: "i", id: "mark-italic", keys: ["Mod-i"] },
  { kind: "b", id: "mark-bold", keys: ["Mod-b"] },
  { kind: "sc", id: "mark-small-capitals", keys: ["Mod-Shift-k"] },
  { kind: "g", id: "mark-spaced" },
  { kind: "f", id: "mark-other-face" },
];
const BLOCKS = [
  { id: "mark-poem", open: "/*", close: "*/" },
  { id: "mark-quotation", open: "/#", close: "#/" },
];

/** Commands that put marks in; `body[data-formatting]` says that the round asks for all of them. */
export function addMarking(desk) {
  const { commands } = desk;
  desk.on("open", ({ task }) => document.body.toggleAttribute("data-formatting", task.formatting));
  for (const { kind, id, keys } of INLINE) commands.add({ id, keys, name: say(id), group: "marks", run: () => toggle(desk, kind) });
  for (const { id, open, close } of BLOCKS) commands.add({ id, name: say(id), group: "marks", run: () => fence(desk, open, close) });
  commands.add(
    { id: "undo", name: say("undo"), group: "text", run: () => undo(desk.view) && desk.editor.focus() },
    { id: "redo", name: say("redo"), group: "text", run: () => redo(desk.view) && desk.editor.focus() },
    { id: "mark-clear", keys: ["Mod-\\"], name: say("mark-clear"), group: "marks", run: () => clear(desk) },
    { id: "mark-footnote", name: say("mark-footnote"), group: "marks", run: () => bracket(desk, `[Footnote ${nextNote(desk.text)}: `) },
    { id: "mark-illustration", name: say("mark-illustration"), group: "marks", run: () => bracket(desk, "[Illustration", ": ") },
    { id: "mark-sidenote", name: say("mark-sidenote"), group: "marks", run: () => bracket(desk, "[Sidenote: ") },
    { id: "mark-heading", name: say("mark-heading"), group: "marks", run: () => heading(desk) },
    { id: "mark-thought-break", name: say("mark-thought-break"), group: "marks", run: () => ownLine(desk, "<tb>") },
    { id: "mark-blank-page", name: say("mark-blank-page"), group: "marks", run: () => ownLine(desk, "[Blank Page]") },
    { id: "mark-note", name: say("mark-note"), group: "marks", run: () => note(desk) },
  );
}

const doc = (desk) => desk.editor.state.doc;

function change(desk, changes, selection) {
  desk.editor.change(changes, "input.mark", selection);
  desk.editor.focus();
}

// What an inline mark is put around: the selection without blanks at its ends, else the word at the caret.
function target(desk) {
  const { from, to, empty } = desk.editor.state.selection.main;
  if (!empty) {
    const text = doc(desk).sliceString(from, to);
    return { from: from + /^\s*/.exec(text)[0].length, to: to - /\s*$/.exec(text)[0].length };
  }
  const line = doc(desk).lineAt(from);
  for (const { 0: word, index } of line.text.matchAll(WORD)) {
    const [start, end] = [line.from + index, line.from + index + word.replace(PUNCTUATION, "").length];
    if (start <= from && from <= line.from + index + word.length) return { from: start, to: Math.max(end, start) };
  }
  return { from, to: from };
}

function toggle(desk, kind) {
  const { from, to } = target(desk);
  const around = inlineMarks(desk.text).find((mark) => mark.kind === kind && mark.open && mark.close && mark.open[0] <= from && to <= mark.close[1]);
  if (around) change(desk, [around.open, around.close].map(([start, end]) => ({ from: start, to: end })));
  else wrap(desk, from, to, `<${kind}>`, `</${kind}>`);
}

function wrap(desk, from, to, open, close) {
  change(desk, [{ from, insert: open }, { from: to, insert: close }], EditorSelection.range(from + open.length, to + open.length));
}

function clear(desk) {
  const { from, to } = target(desk);
  const touched = inlineMarks(desk.text).filter(({ kind, open, close }) => kind !== "tb" && (open ?? close)[0] <= to && from <= (close ?? open)[1]);
  change(desk, touched.flatMap(({ open, close }) => [open, close]).filter(Boolean).map(([start, end]) => ({ from: start, to: end })));
}

// A bracket takes the selection, or the paragraph.
function bracket(desk, open, then = "") {
  const { from, to, empty } = desk.editor.state.selection.main;
  const part = empty ? paragraph(doc(desk), from) : { from, to };
  const start = open + (part.from < part.to ? then : "");
  wrap(desk, part.from, part.to, start, "]");
}

function fence(desk, open, close) {
  const { from, to } = desk.editor.state.selection.main;
  const [first, last] = from === to ? [paragraph(doc(desk), from).from, paragraph(doc(desk), from).to] : [doc(desk).lineAt(from).from, doc(desk).lineAt(to).to];
  const before = lineAround(first - 1);
  const after = lineAround(last + 1);
  if (before?.text.trim() === open && after?.text.trim() === close) {
    change(desk, [{ from: before.from, to: first }, { from: last, to: after.to }]);
    return;
  }
  wrap(desk, first, last, `${open}\n`, `\n${close}`);

  function lineAround(position) {
    return position >= 0 && position <= doc(desk).length ? doc(desk).lineAt(position) : undefined;
  }
}

function paragraph(document, position) {
  let [first, last] = [document.lineAt(position).number, document.lineAt(position).number];
  if (!document.line(first).text.trim()) return { from: position, to: position };
  while (first > 1 && document.line(first - 1).text.trim()) first--;
  while (last < document.lines && document.line(last + 1).text.trim()) last++;
  return { from: document.line(first).from, to: document.line(last).to };
}

// Four blank lines before and two after, as the notation has it.
function heading(desk) {
  const { from, to, empty } = desk.editor.state.selection.main;
  const part = empty ? paragraph(doc(desk), from) : { from: doc(desk).lineAt(from).from, to: doc(desk).lineAt(to).to };
  const text = desk.text;
  const blank = (string) => (string.match(/\n/g) ?? []).length;
  const above = blank(/\n*$/.exec(text.slice(0, part.from))[0]);
  const below = blank(/^\n*/.exec(text.slice(part.to))[0]);
  const [before, after] = [Math.max(0, (part.from === above ? 4 : 5) - above), Math.max(0, 3 - below)];
  change(desk, [{ from: part.from, insert: "\n".repeat(before) }, { from: part.to, insert: part.to === text.length ? "" : "\n".repeat(after) }]);
}

function ownLine(desk, words) {
  const line = doc(desk).lineAt(desk.editor.state.selection.main.head);
  const insert = line.text.trim() ? `\n\n${words}\n` : words;
  change(desk, { from: line.to, insert }, EditorSelection.cursor(line.to + insert.length));
}

function note(desk) {
  const { to } = desk.editor.state.selection.main;
  const at = target(desk).to > to ? target(desk).to : to;
  change(desk, { from: at, insert: "[**]" }, EditorSelection.cursor(at + 3));
}

const nextNote = (text) => 1 + Math.max(0, ...[...text.matchAll(/\[Footnote (\d+)/g)].map(([, n]) => Number(n)));
