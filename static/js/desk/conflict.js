// Two texts for one page: both are shown beside the one they came from, and nothing of either is lost.
import { compare, merged } from "./merge.js";
import { say } from "./words.js";

const ALIKE_SHOWN = 2; // lines kept in sight around what differs

/**
 * Show three texts: `base` (may be undefined), `mine` and `other` (`by` its name, may be missing). `inHand`: the page is still the reader's.
 * Resolves to `{choice, text}`: "mine", "other", "both", or where it is no longer in hand "next"; "" when closed without choosing.
 */
export function askWhich({ base, mine, other, by, words, inHand }) {
  const dialog = document.getElementById("conflict");
  const stretches = compare(base ?? other, mine, other);
  dialog.querySelector("[data-words]").textContent = words;
  dialog.querySelector("[data-compare]").replaceChildren(table(stretches, { by: by ?? say("somebody"), hasBase: base !== undefined, inHand }));
  for (const part of dialog.querySelectorAll("[data-in-hand]")) part.hidden = (part.dataset.inHand === "yes") !== inHand;
  return new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve({ choice: dialog.returnValue, text: chosenText(dialog, stretches, mine, other) }), { once: true });
    dialog.removeAttribute("open");
    dialog.showModal();
    dialog.scrollTop = 0;
  });
}

function chosenText(dialog, stretches, mine, other) {
  if (dialog.returnValue === "both") return merged(stretches, Array.from(dialog.querySelectorAll("fieldset input:checked"), ({ value }) => value));
  return dialog.returnValue === "other" ? other : mine;
}

function table(stretches, given) {
  const made = make("table", { className: "compare" });
  const head = make("thead").appendChild(make("tr"));
  const columns = ["", ...(given.hasBase ? [say("base")] : []), say("yours"), say("of-other", given)];
  head.append(...columns.map((text) => make(text ? "th" : "td", { textContent: text, scope: "col" })));
  let conflict = 0;
  const body = make("tbody");
  body.append(...stretches.map((stretch) => row(stretch, { ...given, n: stretch.kind === "conflict" ? conflict++ : undefined })));
  made.append(head.parentElement, body);
  return made;
}

function row(stretch, { by, hasBase, inHand, n }) {
  const { kind, base, mine, other } = stretch;
  const made = make("tr", { className: `is-${kind}` });
  const name = make("th", { scope: "row", textContent: kind === "same" ? "" : say(`changed-${kind}`, { by }) });
  if (n !== undefined && inHand) name.append(chooser(n, by));
  const cells = [...(hasBase ? [cell(base, kind === "same" ? "" : "del", say("base"))] : []), cell(mine, kind === "same" || kind === "other" ? "" : "ins", say("yours")), cell(other, kind === "same" || kind === "mine" ? "" : "ins", say("of-other", { by }))];
  made.append(name, ...cells);
  return made;
}

function cell(lines, tag, label) {
  const made = make("td");
  made.dataset.label = label;
  if (!lines.length) made.append(make("span", { className: "muted", textContent: say("no-line") }));
  else if (!tag) made.append(...shortened(lines));
  else made.append(...lines.flatMap((line, i) => [i ? "\n" : "", make(tag, { textContent: line || "¶" })]));
  return made;
}

// A long stretch that is alike shows its ends.
function shortened(lines) {
  if (lines.length <= 2 * ALIKE_SHOWN + 1) return [lines.join("\n")];
  const left = lines.length - 2 * ALIKE_SHOWN;
  return [`${lines.slice(0, ALIKE_SHOWN).join("\n")}\n`, make("span", { className: "muted", textContent: say("alike", { n: left }) }), `\n${lines.slice(-ALIKE_SHOWN).join("\n")}`];
}

function chooser(n, by) {
  const made = make("fieldset", { className: "line-choice" });
  made.append(make("legend", { textContent: say("take") }));
  for (const [value, words] of [["mine", say("yours")], ["other", say("of-other", { by })], ["both", say("both-lines")]]) {
    const label = make("label");
    label.append(make("input", { type: "radio", name: `line-${n}`, value, checked: value === "mine" }), words);
    made.append(label);
  }
  return made;
}

const make = (tag, given = {}) => Object.assign(document.createElement(tag), given);
