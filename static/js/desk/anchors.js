// Which stretch of the text is which printed word. The server aligns text and print once; from then on the ties follow every edit.
import { StateEffect, StateField, invertedEffects } from "../codemirror.js";

/** A tie: text from `from` to `to` is word `word` (to `last`) of printed line `line`. A list of ties is sorted and does not overlap. */
const tie = ([from, to, line, word, last]) => ({ from, to, line, word, last });

/** Put these ties back; those they stand for or overlap give way. */
const putTies = StateEffect.define({
  map: (ties, changes) => ties.map((each) => ({ ...each, from: changes.mapPos(each.from, 1), to: changes.mapPos(each.to, -1) })).filter(({ from, to }) => from < to),
});

export const ties = StateField.define({
  create: () => [],
  update(before, transaction) {
    let after = transaction.docChanged ? carry(before, transaction.changes, transaction.newDoc) : before;
    for (const effect of transaction.effects) if (effect.is(putTies)) after = merge(after, effect.value);
    return after;
  },
});

/** What an editor needs to keep ties through edits, undo and redo; `anchors` as the server sends them. */
export const tied = (anchors) => [
  ties.init(() => anchors.map(tie)),
  invertedEffects.of((transaction) => {
    const touched = touchedBy(transaction.startState.field(ties), transaction.changes);
    return touched.length ? [putTies.of(touched)] : [];
  }),
];

/** The tie at a place of the text: the one around it, else the one that ends there. */
export function tieAt(state, position) {
  const list = state.field(ties);
  const after = firstFrom(list, position + 1);
  for (const each of [list[after - 1], list[after - 2]]) if (each && each.from <= position && position <= each.to) return each;
  return undefined;
}

/** The tie of a printed word, or undefined. */
export const tieOf = (state, line, word) => state.field(ties).find((each) => each.line === line && each.word <= word && word <= each.last);

/** For each line of the text (from 0) the printed line that most of its words come from, or -1. No printed line is given twice. */
export function printedLinesOf(state) {
  const votes = new Map(); // printed line -> Map(row -> letters)
  let row = 0;
  let end = state.doc.line(1).to;
  for (const { from, to, line } of state.field(ties)) {
    while (from > end) end = state.doc.line(++row + 1).to;
    const rows = votes.get(line) ?? votes.set(line, new Map()).get(line);
    rows.set(row, (rows.get(row) ?? 0) + to - from);
  }
  const lineOf = new Array(state.doc.lines).fill(-1);
  const weight = new Array(state.doc.lines).fill(0);
  for (const [line, rows] of votes) {
    const [best, letters] = [...rows].reduce((a, b) => (b[1] > a[1] ? b : a));
    if (letters > weight[best]) [lineOf[best], weight[best]] = [line, letters];
  }
  return lineOf;
}

// The index of the first tie that begins at or after a position.
function firstFrom(list, position) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].from < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

function touchedBy(list, changes) {
  const touched = [];
  changes.iterChangedRanges((from, to) => {
    for (let i = Math.max(0, firstFrom(list, from) - 1); i < list.length && list[i].from <= to; i++) {
      if (list[i].to >= from && touched.at(-1) !== list[i]) touched.push(list[i]);
    }
  }, true);
  return touched;
}

function merge(list, restored) {
  const again = new Set(restored.map(({ line, word }) => `${line}.${word}`));
  const clear = list.filter(({ line, word, from, to }) => !again.has(`${line}.${word}`) && !restored.some((each) => each.from < to && from < each.to));
  return inOrder([...clear, ...restored]);
}

// --- Through an edit ---------------------------------------------------------------------------------------------

function carry(list, changes, doc) {
  const kept = [];
  const replaced = []; // ties none of whose letters are left
  for (const each of list) {
    const [from, to] = [changes.mapPos(each.from, 1), changes.mapPos(each.to, -1)];
    if (from >= to) replaced.push({ each, from: changes.mapPos(each.from, -1), to: changes.mapPos(each.to, 1) });
    else kept.push({ ...each, ...trimmed(widened(each, from, to, changes, doc), doc) });
  }
  return inOrder([...kept, ...heirs(replaced, doc)]);
}

// Letters typed right before or behind a word belong to it, up to the next blank.
function widened(each, from, to, changes, doc) {
  const [before, behind] = [changes.mapPos(each.from, -1), changes.mapPos(each.to, 1)];
  return {
    from: before < from ? from - /\S*$/.exec(doc.sliceString(before, from))[0].length : from,
    to: to < behind ? to + /^\S*/.exec(doc.sliceString(to, behind))[0].length : to,
  };
}

// A word that fell apart into two may have lost one of them: no blank stays at an end.
function trimmed({ from, to }, doc) {
  if (!isBlank(doc, from) && !isBlank(doc, to - 1)) return { from, to };
  const text = doc.sliceString(from, to);
  return { from: from + /^\s*/.exec(text)[0].length, to: to - /\s*$/.exec(text)[0].length };
}

const isBlank = (doc, at) => /\s/.test(doc.sliceString(at, at + 1));

// What was typed in place of words takes their ties: one for one in order; a single word's heir may be several words.
function heirs(replaced, doc) {
  const made = [];
  for (let i = 0; i < replaced.length; ) {
    const { from, to } = replaced[i];
    let next = i + 1;
    while (next < replaced.length && replaced[next].from === from) next++;
    const words = [...doc.sliceString(from, to).matchAll(/\S+/g)].map((found) => ({ from: from + found.index, to: from + found.index + found[0].length }));
    const alone = next === i + 1 && words.length > 1;
    const places = alone ? [{ from: words[0].from, to: words.at(-1).to }] : words;
    places.slice(0, next - i).forEach((place, k) => made.push({ ...replaced[i + k].each, ...place }));
    i = next;
  }
  return made;
}

function inOrder(list) {
  list.sort((a, b) => a.from - b.from || b.to - a.to);
  return list.filter((each, i) => each.from < each.to && (i === 0 || list[i - 1].to <= each.from));
}
