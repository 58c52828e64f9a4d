// What is searched for in a text, and what would stand in its place.
import { RegExpCursor, SearchCursor } from "../codemirror.js";

const AT_MOST = 5000; // matches that are looked at
const LETTER = /[\p{L}\p{N}\p{M}]/u;

/** All matches in a document: `{from, to, match}`; `match` is the pattern's own, for its groups. Throws SyntaxError for a pattern that is none. */
export function matchesOf(doc, { find, matchCase, wholeWords, pattern }) {
  if (!find) return [];
  const cursor = pattern
    ? new RegExpCursor(doc, find, { ignoreCase: !matchCase })
    : new SearchCursor(doc, find, 0, doc.length, matchCase ? undefined : (text) => text.toLowerCase());
  const found = [];
  while (found.length < AT_MOST && !cursor.next().done) {
    const { from, to, match } = cursor.value;
    if (!wholeWords || isWhole(doc, from, to)) found.push({ from, to, match });
  }
  return found;
}

/** What a match becomes; in a pattern `$1` to `$9` are its groups, `$&` is all of it, `\n` a new line. */
export function replacementOf({ match }, { replace, pattern }) {
  if (!pattern) return replace;
  return replace.replace(/\$([$&1-9])|\\([nt\\])/g, (_, group, sign) => {
    if (sign) return { n: "\n", t: "\t", "\\": "\\" }[sign];
    return group === "$" ? "$" : (match[group === "&" ? 0 : Number(group)] ?? "");
  });
}

const isWhole = (doc, from, to) => !joins(doc, from) && !joins(doc, to);
const joins = (doc, at) => LETTER.test(doc.sliceString(at - 1, at)) && LETTER.test(doc.sliceString(at, at + 1));
