// What is asked about once before a page is handed in. The server takes any text; these are likely slips.

const PAIRS = [["/*", "*/"], ["/#", "#/"]];

/** The first mark left open, `{mark, row}`, or undefined. */
export function unclosedMark(rows) {
  const open = [];
  for (const [row, line] of rows.entries()) {
    for (const [, slash, mark] of line.matchAll(/<(\/?)(i|b|sc|g|f|u)>/g)) {
      if (!slash) open.push({ mark: `<${mark}>`, row });
      else if (open.at(-1)?.mark === `<${mark}>`) open.pop();
      else return { mark: `</${mark}>`, row };
    }
  }
  return open[0] ?? unclosedBlock(rows);
}

function unclosedBlock(rows) {
  for (const [start, end] of PAIRS) {
    let open;
    for (const [row, line] of rows.entries()) {
      if (line.trim() === start) open ??= { mark: start, row };
      else if (line.trim() === end) {
        if (!open) return { mark: end, row };
        open = undefined;
      }
    }
    if (open) return open;
  }
  return undefined;
}
