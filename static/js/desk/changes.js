// What changed since the last round, in place: taken out struck through, put in underlined; one key shows and hides it.
import { Decoration, EditorView, GutterMarker, RangeSet, StateEffect, StateField, WidgetType, gutter, presentableDiff } from "../codemirror.js";
import { say } from "./words.js";

const setChanges = StateEffect.define();
const NONE = { text: undefined, isShown: false, hasBars: false, list: [], inline: Decoration.none, bars: RangeSet.empty };

class Removed extends WidgetType {
  constructor(text, index) {
    super();
    Object.assign(this, { text, index });
  }

  eq(other) {
    return other.text === this.text && other.index === this.index;
  }

  toDOM() {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: this.text ? "change-del" : "change-back", title: say("change-put-back") });
    button.append(this.text ? Object.assign(document.createElement("del"), { textContent: this.text.replaceAll("\n", "↵") }) : "⟲");
    button.setAttribute("aria-label", this.text ? say("change-removed", { text: this.text }) : say("change-put-back"));
    button.dataset.change = this.index;
    button.tabIndex = -1;
    return button;
  }

  ignoreEvent() {
    return true;
  }
}

class Bar extends GutterMarker {
  toDOM() {
    return Object.assign(document.createElement("div"), { className: "change-bar" });
  }
}
const BAR = new Bar();
const ADDED = Decoration.mark({ tagName: "ins", class: "change-ins" });

const field = StateField.define({
  create: () => NONE,
  update(value, transaction) {
    let next = value;
    for (const effect of transaction.effects) if (effect.is(setChanges)) next = { ...value, ...effect.value };
    if (next.text === undefined || (!next.isShown && !next.hasBars)) return next === value ? value : { ...NONE, ...next, list: [], inline: Decoration.none, bars: RangeSet.empty };
    return next === value && !transaction.docChanged ? value : { ...next, ...compared(next, transaction.state) };
  },
  provide: (self) => EditorView.decorations.from(self, ({ inline }) => inline),
});

// `list` holds each change as `{from, to, was}`: what stands in the text now, and what stood there before.
function compared({ text, isShown, hasBars }, { doc }) {
  const list = presentableDiff(text, doc.toString()).map(({ fromA, toA, fromB, toB }) => ({ from: fromB, to: toB, was: text.slice(fromA, toA) }));
  const marks = list.flatMap(({ from, to, was }, index) => [
    Decoration.widget({ widget: new Removed(was, index), side: -1 }).range(from),
    ...(from < to ? [ADDED.range(from, to)] : []),
  ]);
  const rows = new Set(list.flatMap(({ from, to }) => rowsOf(doc, from, to)));
  return {
    list,
    inline: isShown ? Decoration.set(marks, true) : Decoration.none,
    bars: hasBars ? RangeSet.of([...rows].sort((a, b) => a - b).map((row) => BAR.range(doc.line(row).from))) : RangeSet.empty,
  };
}

function rowsOf(doc, from, to) {
  const [first, last] = [doc.lineAt(from).number, doc.lineAt(to).number];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Show changes against the reading before (in the first round: against what the machine read). */
export function addChanges(desk) {
  desk.extend(field, gutter({ class: "cm-changes", markers: (view) => view.state.field(field).bars }));
  const now = () => desk.editor.state.field(field);
  const tell = (change) => desk.view.dispatch({ effects: setChanges.of(change) });

  desk.on("open", (data) => tell({ text: data.previous?.text ?? data.base_text, isShown: false, hasBars: Boolean(data.previous) && !desk.settings.get("blind", false) }));
  desk.settings.onChange((name, value) => name === "blind" && tell({ hasBars: Boolean(desk.data.previous) && !value }));

  const show = () => {
    tell({ isShown: !now().isShown });
    const { isShown, list } = now();
    document.body.toggleAttribute("data-changes", isShown);
    for (const button of document.querySelectorAll("[data-command='show-changes']")) button.setAttribute("aria-pressed", isShown);
    desk.sheet.draw();
    if (isShown) desk.announce(summary(list));
  };
  const summary = (list) => {
    if (!list.length) return say("changes-none");
    const { previous } = desk.data;
    return previous?.by ? say("changes-by", { n: list.length, person: previous.by, round: previous.round_name }) : say("changes-count", { n: list.length });
  };
  const go = (step) => {
    const { isShown, list } = now();
    const { from, to } = desk.editor.state.selection.main;
    const next = step > 0 ? list.find((change) => change.from > from || (change.from === from && change.to > to)) : list.findLast((change) => change.from < from);
    if (!isShown || !next) return false;
    desk.editor.select(next.from, next.to);
    const place = { n: list.indexOf(next) + 1, total: list.length, was: next.was, is: desk.text.slice(next.from, next.to) };
    desk.announce(say(next.was ? (next.from < next.to ? "change-replaced" : "change-taken-out") : "change-put-in", place));
    return true;
  };
  const putBack = (index) => {
    const change = now().list[index];
    if (change) desk.editor.change({ from: change.from, to: change.to, insert: change.was }, "input.put-back");
  };
  const here = () => {
    const { from, to } = desk.editor.state.selection.main;
    return now().list.findIndex((change) => change.from <= to && from <= change.to);
  };

  desk.commands.add(
    { id: "show-changes", name: say("show-changes"), group: "view", keys: ["Mod-Shift-e"], run: show },
    { id: "next-change", name: say("next-change"), group: "view", keys: ["Tab"], inText: true, when: () => now().isShown, run: () => go(1) },
    { id: "previous-change", name: say("previous-change"), group: "view", keys: ["Shift-Tab"], inText: true, when: () => now().isShown, run: () => go(-1) },
    { id: "put-back-change", name: say("change-put-back"), group: "text", when: () => now().isShown && here() >= 0, run: () => putBack(here()) },
  );
  desk.sheet.pane.addEventListener("click", (event) => {
    const button = event.target.closest("[data-change]");
    if (!button) return;
    event.preventDefault();
    putBack(Number(button.dataset.change));
    desk.editor.focus();
  });
}
