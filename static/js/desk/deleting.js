// Deleting by letter, word and line. A letter is what people take for one, however many codes it has.
import { EditorSelection, findClusterBreak } from "../codemirror.js";

/** A command that deletes what is selected, else from the caret to where `reach(view, caret)` says. */
export const deleting = (reach) => (view) => {
  const { state } = view;
  const { changes, selection } = state.changeByRange((range) => {
    const other = range.empty ? reach(view, range) : range.anchor;
    const [from, to] = [Math.min(range.head, other), Math.max(range.head, other)];
    return from === to ? { range } : { changes: { from, to }, range: EditorSelection.cursor(from) };
  });
  if (changes.empty) return true;
  view.dispatch({ changes, selection, scrollIntoView: true, userEvent: "delete" });
  return true;
};

const char = (forward) => ({ state: { doc } }, { head }) => {
  const line = doc.lineAt(head);
  if (head === (forward ? line.to : line.from)) return Math.min(doc.length, Math.max(0, head + (forward ? 1 : -1)));
  return line.from + findClusterBreak(line.text, head - line.from, forward, forward);
};

export const toCharBackward = char(false);
export const toCharForward = char(true);
export const toGroupBackward = (view, range) => view.moveByGroup(range, view.textDirection === 1).head;
export const toGroupForward = (view, range) => view.moveByGroup(range, view.textDirection !== 1).head;

// To the end of the line; from there over it.
export const toLineBackward = (view, range) => beyond(view, range, view.moveToLineBoundary(range, false).head, -1);
export const toLineForward = (view, range) => beyond(view, range, view.moveToLineBoundary(range, true).head, 1);
const beyond = ({ state }, { head }, end, step) => (end === head ? Math.min(state.doc.length, Math.max(0, head + step)) : end);
