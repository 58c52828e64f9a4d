export {
  Annotation, ChangeSet, Compartment, EditorSelection, EditorState, Facet, MapMode, Prec, RangeSet,
  RangeSetBuilder, RangeValue, StateEffect, StateField, Text, Transaction, findClusterBreak,
} from "@codemirror/state";
export {
  BlockType, Decoration, Direction, EditorView, GutterMarker, ViewPlugin, WidgetType, drawSelection,
  gutter, gutterLineClass, highlightSpecialChars, keymap, lineNumbers, showTooltip, tooltips,
} from "@codemirror/view";
// By name, not by the package's keymaps: those bring its parser along, which plain text has no use for.
export {
  cursorCharLeft, cursorCharRight, cursorDocEnd, cursorDocStart, cursorGroupLeft, cursorGroupRight,
  cursorLineBoundaryBackward, cursorLineBoundaryForward, cursorLineBoundaryLeft,
  cursorLineBoundaryRight, cursorLineDown, cursorLineEnd, cursorLineStart, cursorLineUp,
  cursorPageDown, cursorPageUp, deleteCharBackward, deleteCharForward, deleteGroupBackward,
  deleteGroupForward, deleteLineBoundaryBackward, deleteLineBoundaryForward, deleteToLineEnd,
  history, insertNewline, invertedEffects, isolateHistory, redo, redoDepth, selectAll,
  selectCharLeft, selectCharRight, selectDocEnd, selectDocStart, selectGroupLeft, selectGroupRight,
  selectLineBoundaryBackward, selectLineBoundaryForward, selectLineBoundaryLeft,
  selectLineBoundaryRight, selectLineDown, selectLineEnd, selectLineStart, selectLineUp,
  selectPageDown, selectPageUp, undo, undoDepth,
} from "@codemirror/commands";
export { RegExpCursor, SearchCursor } from "@codemirror/search";
export { diff, presentableDiff } from "@codemirror/merge";
