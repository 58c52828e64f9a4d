// The text being proofread: one CodeMirror view that lives as long as the desk; each page is a state of its own.
import {
  Decoration, EditorSelection, EditorState, EditorView, Prec, StateEffect, StateField, Transaction, diff, drawSelection, highlightSpecialChars, history, keymap, lineNumbers,
} from "../codemirror.js";
import { tied } from "./anchors.js";
import { EDITING_KEYS } from "./keys.js";

const STEPS_TO_UNDO = 10_000; // a page's worth and more
const NUMBERED = 5; // every fifth line has its number

/** What a layout adds to the text: strips of print, gaps, indents. */
export const dressLines = StateEffect.define();
const lineDress = StateField.define({
  create: () => Decoration.none,
  update(dress, transaction) {
    for (const effect of transaction.effects) if (effect.is(dressLines)) return effect.value;
    return dress.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

// Typing over a selection, the browser would carry the old letters' style along; the text has none of its own.
function replaceSelection(event, view) {
  if (event.inputType !== "insertText" || !event.data || view.composing || view.state.selection.main.empty) return false;
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  event.preventDefault();
  return true;
}

export class Editor {
  /** `extensions` are the desk's features; `nonce` lets CodeMirror put its styles in. */
  constructor(parent, { nonce, describedBy, extensions }) {
    this.pane = parent;
    this.shared = [
      extensions,
      lineDress,
      history({ newGroupDelay: 700, minDepth: STEPS_TO_UNDO }),
      drawSelection(),
      highlightSpecialChars(),
      lineNumbers({ formatNumber: (n) => (n % NUMBERED ? "" : String(n)) }),
      EditorView.lineWrapping,
      EditorState.lineSeparator.of("\n"), // a carriage return is a letter like others; the server removes it and says so
      EditorView.scrollHandler.of(() => true), // the sheet follows the caret by its own rule
      EditorView.cspNonce.of(nonce),
      EditorView.domEventHandlers({ beforeinput: replaceSelection }),
      Prec.low(keymap.of(EDITING_KEYS)),
      EditorView.contentAttributes.of({ "aria-describedby": describedBy, spellcheck: "false", autocorrect: "off", autocapitalize: "off", id: "text-editor" }),
    ];
    this.view = new EditorView({ parent, extensions: EditorView.cspNonce.of(nonce) });
  }

  /** Show another page: a text with its ties to the print; nothing can be undone across pages. */
  open({ text, anchors, language, direction, label }) {
    const attributes = EditorView.contentAttributes.of({ lang: language, dir: direction, "aria-label": label });
    this.view.setState(EditorState.create({ doc: text, extensions: [this.shared, tied(anchors), attributes, EditorView.perLineTextDirection.of(false)] }));
  }

  get state() {
    return this.view.state;
  }

  get text() {
    return this.view.state.doc.toString();
  }

  focus() {
    this.view.focus();
  }

  /** Select `from` to `to` and focus the text; `isolated` for selections that do not come from the pointer. */
  select(from, to = from) {
    this.view.dispatch({ selection: EditorSelection.range(from, to), userEvent: "select", scrollIntoView: true });
    this.focus();
  }

  /** Change the text; one step to undo. */
  change(changes, userEvent = "input", selection = undefined) {
    this.view.dispatch({ changes, selection, userEvent, scrollIntoView: true, annotations: Transaction.addToHistory.of(true) });
  }

  /** Put another text in place of all, by the least change, so that ties and caret stay where they can. */
  replaceAll(text) {
    const now = this.text;
    const changes = diff(now, text).map(({ fromA, toA, fromB, toB }) => ({ from: fromA, to: toA, insert: text.slice(fromB, toB) }));
    if (changes.length) this.change(changes, "input.replace.all");
  }
}
