// Marks shown dressed: italics slanted, small capitals set so, the marks themselves shrunk to a tick that opens when the caret comes near.
import { Decoration, EditorView, StateEffect, StateField, WidgetType } from "../codemirror.js";
import { blocks, brackets, inlineMarks } from "./notation.js";
import { say } from "./words.js";

const showAll = StateEffect.define();

class Tick extends WidgetType {
  constructor(mark) {
    super();
    this.mark = mark;
  }

  eq(other) {
    return other.mark === this.mark;
  }

  toDOM() {
    const tick = document.createElement("span");
    tick.className = "mark-tick";
    tick.title = this.mark;
    tick.setAttribute("role", "img");
    tick.setAttribute("aria-label", this.mark);
    return tick;
  }
}

const clothes = (name) => Decoration.mark({ class: name });
const OPEN_TAG = clothes("mark-tag");
const INLINE = Object.fromEntries(["i", "b", "sc", "g", "f", "u"].map((kind) => [kind, clothes(`mark-${kind}`)]));
const BRACKETS = Object.fromEntries(["note", "footnote", "illustration", "sidenote", "blank"].map((kind) => [kind, clothes(`mark-${kind}`)]));
const FENCE = Decoration.line({ class: "mark-fence" });
const BLOCK = { poem: Decoration.line({ class: "mark-poem" }), quotation: Decoration.line({ class: "mark-quotation" }) };
const LONE = Decoration.mark({ class: "mark-lone" });

const field = StateField.define({
  create: (state) => ({ all: false, ...dressed(state, false) }),
  update(value, transaction) {
    let { all } = value;
    for (const effect of transaction.effects) if (effect.is(showAll)) all = effect.value;
    if (!transaction.docChanged && all === value.all && !nearOther(value, transaction)) return value;
    return { all, ...dressed(transaction.state, all) };
  },
  provide: (self) => EditorView.decorations.from(self, ({ clothes }) => clothes),
});

// Which marks the caret touches: those stand open.
const near = (places, { from, to }) => places.filter(([start, end]) => start <= to && from <= end).join();
const nearOther = (value, { startState, state }) => near(value.places, startState.selection.main) !== near(value.places, state.selection.main);

function dressed(state, all) {
  const text = state.doc.toString();
  const { from, to } = state.selection.main;
  const [made, places] = [[], []];
  const mark = (place, isLone) => {
    places.push(place);
    const open = all || isLone || (place[0] <= to && from <= place[1]);
    made.push((open ? (isLone ? LONE : OPEN_TAG) : Decoration.replace({ widget: new Tick(text.slice(...place)) })).range(...place));
  };
  for (const { kind, open, close } of inlineMarks(text)) {
    if (kind === "tb") made.push(OPEN_TAG.range(...open));
    else {
      for (const place of [open, close]) if (place) mark(place, !open || !close);
      if (open && close && open[1] < close[0]) made.push(INLINE[kind].range(open[1], close[0]));
    }
  }
  for (const { kind, from: start, to: end } of brackets(text)) made.push(BRACKETS[kind].range(start, end));
  for (const block of blocks(text)) made.push(...lines(state, block));
  return { clothes: Decoration.set(made, true), places };
}

function* lines(state, { kind, from, to, open, close }) {
  for (const fence of [open, close]) if (fence) yield FENCE.range(fence[0]);
  const last = state.doc.lineAt(to).number;
  for (let n = state.doc.lineAt(from).number; n <= last; n++) yield BLOCK[kind].range(state.doc.line(n).from);
}

/** Marks as ticks, or all open; the choice is remembered. */
export function addDress(desk) {
  desk.extend(field);
  const show = () => desk.view.dispatch({ effects: showAll.of(desk.settings.get("showMarks", false)) });
  desk.commands.add({
    id: "show-marks", name: say("show-marks"), group: "view",
    isOn: () => desk.settings.get("showMarks", false),
    run: () => desk.settings.set("showMarks", !desk.settings.get("showMarks", false)),
  });
  desk.settings.onChange((name) => name === "showMarks" && show());
  desk.on("open", show);
}
