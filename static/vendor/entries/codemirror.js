export {
  EditorSelection, EditorState, Prec, RangeSet, StateEffect, StateField, Transaction,
  findClusterBreak,
} from "@codemirror/state";
export {
  Decoration, EditorView, GutterMarker, ViewPlugin, WidgetType, drawSelection, gutter,
  highlightSpecialChars, keymap, lineNumbers,
} from "@codemirror/view";
// By name, not by the package's keymaps: those bring its parser along, which plain text has no use
// for. So do its commands that delete; ours are in static/js/desk/deleting.js.
export {
  cursorCharLeft, cursorCharRight, cursorDocEnd, cursorDocStart, cursorGroupLeft, cursorGroupRight,
  cursorLineBoundaryBackward, cursorLineBoundaryForward, cursorLineBoundaryLeft,
  cursorLineBoundaryRight, cursorLineDown, cursorLineEnd, cursorLineStart, cursorLineUp,
  cursorPageDown, cursorPageUp, history, insertNewline, invertedEffects, isolateHistory, redo, selectAll,
  selectCharLeft, selectCharRight, selectDocEnd, selectDocStart, selectGroupLeft, selectGroupRight,
  selectLineBoundaryBackward, selectLineBoundaryForward, selectLineBoundaryLeft,
  selectLineBoundaryRight, selectLineDown, selectLineEnd, selectLineStart, selectLineUp,
  selectPageDown, selectPageUp, undo,
} from "@codemirror/commands";
export { RegExpCursor, SearchCursor } from "@codemirror/search";
export { diff, presentableDiff } from "@codemirror/merge";
