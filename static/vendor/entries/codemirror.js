export {
  Annotation, ChangeSet, Compartment, EditorSelection, EditorState, Facet, MapMode, Prec, RangeSet,
  RangeSetBuilder, RangeValue, StateEffect, StateField, Text, Transaction, findClusterBreak,
} from "@codemirror/state";
export {
  BlockType, Decoration, Direction, EditorView, GutterMarker, ViewPlugin, WidgetType, drawSelection,
  gutter, gutterLineClass, highlightSpecialChars, keymap, lineNumbers, placeholder,
  runScopeHandlers, showPanel, showTooltip, tooltips,
} from "@codemirror/view";
export {
  defaultKeymap, history, historyField, historyKeymap, invertedEffects, isolateHistory, redo,
  redoDepth, undo, undoDepth,
} from "@codemirror/commands";
export {
  RegExpCursor, SearchCursor, SearchQuery, closeSearchPanel, findNext, findPrevious,
  getSearchQuery, openSearchPanel, replaceAll, replaceNext, search, searchKeymap, setSearchQuery,
} from "@codemirror/search";
export { diff, presentableDiff } from "@codemirror/merge";
