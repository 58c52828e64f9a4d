// What stands in the peek: readings to take, and why a word is doubted.
import { say } from "./words.js";

const PERCENT = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });
const REASONS = { faint: "why-faint", unknown: "why-unknown", unlikely: "why-unlikely", scanno: "why-scanno", bad: "why-bad", stray: "why-stray" };

/** One item of the list of readings, with its key; `look` for one that is no reading and has no key. */
export function option(i, words, look) {
  const made = Object.assign(document.createElement("button"), { type: "button", id: `peek-option-${i + 1}`, className: `peek-reading ${look ?? ""}`, tabIndex: -1 });
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", "false");
  made.append(Object.assign(document.createElement("bdi"), { textContent: words }));
  if (look) return made;
  made.setAttribute("aria-keyshortcuts", `Alt+${i + 1}`);
  const key = Object.assign(document.createElement("kbd"), { textContent: say("alt-key", { n: i + 1 }) });
  key.setAttribute("aria-hidden", "true");
  made.append(key);
  return made;
}

/** One line of why a word is doubted: nodes and strings. `known` as the server gives it, `key` goes on without a change. */
export function reasons({ print, isUntouched, kind, stop }, known, { stray, key }) {
  const parts = [];
  if (print && isUntouched) parts.push(say("ocr-sure", { percent: PERCENT.format(print.confidence / 100) }));
  const reason = kind !== "stray" && known?.known === false ? "unknown" : kind;
  if (reason) parts.push(say(REASONS[reason], { char: stray }));
  if (known && !known.readings.length) parts.push(say("no-reading"));
  if (stop) parts.push(keeps(key));
  return parts.flatMap((part, i) => [i ? " · " : "", part]);
}


function keeps(key) {
  const [before, behind] = say("keeps-it", { key: "\n" }).split("\n");
  const made = document.createElement("span");
  made.append(before, Object.assign(document.createElement("b"), { textContent: key }), behind);
  return made;
}
