// Help: what to do, the notation, and every key; the keys are read from the list of commands.
import { shownChord } from "./commands.js";
import { say } from "./words.js";

const GROUPS = ["page", "doubt", "text", "marks", "view", "notes", "desk"];
const ALSO = { "doubt-next": "doubt-tab", "doubt-previous": "doubt-back-tab" }; // keys of another command that do the same

export function addHelp(desk) {
  const part = document.getElementById("help");
  part.addEventListener("beforetoggle", ({ newState }) => newState === "open" && fill(desk));
  const toggle = () => part.togglePopover();
  desk.commands.add(
    { id: "help", name: say("help"), group: "desk", keys: ["F1"], run: toggle },
    { id: "help-sign", name: say("help-sign"), hidden: true, group: "desk", keys: ["?"], run: ({ target } = {}) => (isTyping(target) ? false : toggle()) },
  );
}

const isTyping = (target) => Boolean(target?.closest?.("input, textarea, select, .cm-content"));

function fill({ commands }) {
  const { list } = commands;
  const groups = [...new Set([...GROUPS, ...list.map(({ group }) => group)])];
  document.getElementById("help-keys").replaceChildren(...groups.flatMap((group) => groupOf(commands, group, list.filter((command) => command.group === group))));
}

function groupOf(commands, group, list) {
  const rows = list.map((command) => ({ command, chords: chordsOf(commands, command) })).filter(({ command, chords }) => command.name && chords.length);
  if (!rows.length) return [];
  const keys = Object.assign(document.createElement("dl"), { className: "keys" });
  keys.append(...rows.flatMap(({ command, chords }) => [termOf(chords), Object.assign(document.createElement("dd"), { textContent: command.name })]));
  return [Object.assign(document.createElement("h4"), { textContent: say(`group-${group}`) }), keys];
}

function chordsOf(commands, command) {
  const also = commands.byId.get(ALSO[command.id]);
  const [first] = commands.chords(command);
  return [also && commands.chords(also)[0], first].filter(Boolean);
}

function termOf(chords) {
  const term = document.createElement("dt");
  term.append(...chords.map((chord) => Object.assign(document.createElement("kbd"), { textContent: shownChord(chord) })));
  return term;
}
