// The notation of Distributed Proofreaders, as it stands in a page's text. Reads any text; nothing is an error here.

const TAG = /<(\/?)(i|b|sc|g|f|u)>|<tb>/g;
const BRACKET = /\[(\*\*|Footnote\b|Illustration\b|Sidenote\b|Blank Page\])|\[|\]/g;
const FENCES = { "/*": "*/", "/#": "#/" };

/** Inline marks of a text: `{kind, open: [from, to], close: [from, to]}` for pairs, `{kind, open}` or `{kind, close}` for marks without a partner. */
export function inlineMarks(text) {
  const marks = [];
  const waiting = [];
  for (const found of text.matchAll(TAG)) {
    const [tag, slash, kind] = found;
    const place = [found.index, found.index + tag.length];
    if (!kind) marks.push({ kind: "tb", open: place });
    else if (!slash) waiting.push({ kind, open: place });
    else {
      const mine = waiting.findLastIndex((mark) => mark.kind === kind);
      if (mine < 0) marks.push({ kind, close: place });
      else {
        const [mark, ...inner] = waiting.splice(mine);
        marks.push({ ...mark, close: place }, ...inner);
      }
    }
  }
  return [...marks, ...waiting].sort((a, b) => (a.open ?? a.close)[0] - (b.open ?? b.close)[0]);
}

/** What stands in square brackets and means something: `{kind: "note" | "footnote" | "illustration" | "sidenote" | "blank", from, to}`; `to` is the text's end where the bracket is not closed. */
export function brackets(text) {
  const found = [];
  const waiting = [];
  for (const match of text.matchAll(BRACKET)) {
    if (match[0] === "]") {
      const opened = waiting.pop();
      if (opened?.kind) opened.to = match.index + 1;
      continue;
    }
    const kind = match[1] && { "**": "note", F: "footnote", I: "illustration", S: "sidenote", B: "blank" }[match[1] === "**" ? "**" : match[1][0]];
    const made = { kind, from: match.index, to: kind === "blank" ? match.index + match[0].length : text.length };
    if (kind) found.push(made);
    if (kind !== "blank") waiting.push(made);
  }
  return found;
}

/** Blocks between fences on lines of their own: `{kind: "poem" | "quotation", from, to, open: [from, to], close?: [from, to]}`. */
export function blocks(text) {
  const found = [];
  const waiting = [];
  let at = 0;
  for (const line of text.split("\n")) {
    const mark = line.trim();
    const place = [at, at + line.length];
    if (FENCES[mark]) waiting.push({ kind: mark === "/*" ? "poem" : "quotation", mark, from: at, to: text.length, open: place });
    else if (waiting.length && mark === FENCES[waiting.at(-1).mark]) found.push({ ...waiting.pop(), to: at + line.length, close: place });
    at += line.length + 1;
  }
  return [...found, ...waiting];
}
