// The words of a text, and which of them are doubtful: by the machine that read them, by dictionary and book, by their characters.
import { ties } from "./anchors.js";

const DOUBTFUL = 0.06; // doubt from which a read word is shown: as in pipeline/runs.py
const AT_MOST = 15; // a page are visited; the rest are only underlined
const ODDS = { unknown: 0.35, scanno: 0.3, bad: 0.6, stray: 0.7 }; // that a word is wrong which was typed so; measured nowhere, they only rank
const UNTOUCHED = 0.3; // the share of it for a word that is as the machine read it, and was sure of

const MARK = "\u0001"; // stands for each letter of a mark: no part of a word
const MARKS = /<\/?(?:i|b|sc|g|f|u)>/g;
const ASIDE = /\[\*\*[^\]\n]*\]?|\[(?:Footnote [^\s:\]]*|Sidenote|Illustration|Blank Page)[:\]]?|<tb>|^(?:\/[*#]|[*#]\/)$/gm; // no words of the print
const WORD = /[^\s\u0001](?:[^\s]*[^\s\u0001])?/g;
const EDGES = /^[^\p{L}\p{N}'’]+|[^\p{L}\p{N}'’]+$/gu;
const BROKEN = /\p{L}[-\u00ad]$/u;

/** A word without what stands around it. */
export const bare = (text) => text.replace(EDGES, "");

/** The words of a text: `{from, to, text, forms}`; `text` without marks, `forms` what may stand in a dictionary (none: nothing to look up). */
export function wordsOf(text) {
  const plain = text.replace(ASIDE, (aside) => MARK.repeat(aside.length)).replace(MARKS, (mark) => MARK.repeat(mark.length));
  const words = [];
  for (const found of plain.matchAll(WORD)) {
    const word = { from: found.index, to: found.index + found[0].length, text: found[0].replaceAll(MARK, "") };
    words.push({ ...word, forms: formsOf(word, words.at(-1), plain) });
  }
  return words;
}

// A word that a line's end broke is looked up in one piece, with its hyphen and without.
function formsOf(word, before, plain) {
  const isBroken = BROKEN.test(word.text) && plain[word.to] === "\n";
  const core = bare(word.text);
  if (isBroken || !/\p{L}/u.test(core)) return [];
  const isRest = before && BROKEN.test(before.text) && /^\n+$/.test(plain.slice(before.to, word.from));
  if (!isRest) return [core];
  const first = before.text.replace(/^[^\p{L}]+/u, "");
  return [first.slice(0, -1) + core, first + core];
}

/** The printed word that a tie stands for, or undefined where it stands for several. */
export const printedWord = (lines, tie) => (tie && tie.word === tie.last ? lines[tie.line].words[tie.word] : undefined);

/** The word around a place of the text, with its tie; or undefined. */
export function wordAround(state, position) {
  const word = wordsOf(state.doc.toString()).find(({ from, to }) => from <= position && position <= to);
  return word && { ...word, tie: state.field(ties).find(({ from, to }) => from < word.to && word.from < to) };
}

/** All doubtful words of an editor's state in their order, `stop` where Tab halts.
 * facts: {lines, readings: key -> {why}, verdict(forms), isGood(word), stray(text), checked: Set of `id`, met: Set of keys, grows};
 * gives {from, to, text, tie, key, id, kind, odds, isDone, stop}: `kind` is faint, unknown, unlikely, scanno, bad or stray. */
export function doubtfulWords(state, facts) {
  const list = state.field(ties);
  const found = [];
  let next = 0;
  for (const word of wordsOf(state.doc.toString())) {
    while (next < list.length && list[next].to <= word.from) next++;
    const tie = list[next]?.from < word.to ? list[next] : undefined;
    const doubt = doubtOf(word, tie, facts);
    if (doubt) found.push({ ...word, tie, ...doubt });
  }
  const least = found.map(({ odds }) => odds).sort((a, b) => b - a)[AT_MOST - 1] ?? 0;
  let left = AT_MOST - found.filter(({ odds }) => odds > least).length;
  for (const word of found) word.stop = word.odds > least || (word.odds === least && left-- > 0);
  return found;
}

function doubtOf(word, tie, facts) {
  const print = printedWord(facts.lines, tie);
  const key = print && `${tie.line}.${tie.word}`;
  const id = `${key ?? ""}=${word.text}`;
  const isUntouched = print?.text === word.text;
  const doubt = isUntouched ? ofPrint(word, print, key, facts) : ofTyping(word, facts);
  if (doubt && isUntouched) facts.met.set(key, doubt.odds);
  if (doubt) return { ...doubt, key, id, isDone: facts.checked.has(id) };
  // A doubtful word that was put right keeps its place among the others.
  return !isUntouched && facts.met.has(key) ? { kind: "faint", odds: facts.met.get(key), key, id, isDone: true } : undefined;
}

function ofPrint(word, print, key, facts) {
  const typed = ofTyping(word, facts);
  const why = facts.readings[key]?.why;
  const isRead = print.suspect >= DOUBTFUL && !(why === "unknown" && facts.isGood(bare(word.text)));
  if (!isRead) return typed && { ...typed, odds: Math.max(print.suspect, typed.odds * UNTOUCHED) };
  return { kind: typed?.kind ?? why ?? "faint", odds: print.suspect };
}

function ofTyping({ text, forms }, facts) {
  const kind = facts.stray(text) ? "stray" : facts.verdict(forms);
  return kind && { kind, odds: ODDS[kind] };
}
