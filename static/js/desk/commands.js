// Everything the desk can do, each under one name: keys, buttons, the palette and the help all come from this list.

/** On a Mac the Option keys type letters, so they are taken only while they mean something. */
export const IS_MAC = /Mac|iPad|iPhone/.test(navigator.platform);
const SHOWN = IS_MAC
  ? { Mod: "⌘", Ctrl: "⌃", Alt: "⌥", Shift: "⇧", Enter: "↩", ArrowUp: "↑", ArrowDown: "↓" }
  : { Mod: "Ctrl", Enter: "Enter", ArrowUp: "↑", ArrowDown: "↓", "-": "−" };

/**
 * A command: `{id, name, group, keys?, run, when?, inText?, hidden?}`.
 * `keys` are chords such as "Mod-Shift-k" (Mod is Control, or Command on a Mac); the first is the one shown.
 * `run(event?)` may return false: then it was not for this command and the key goes on its way.
 * `when()` tells whether it can be used now; `inText`: its keys count only while the text has the focus; `hidden`: not in the palette.
 */
export class Commands {
  constructor() {
    this.byId = new Map();
    this.changed = {}; // command -> chord, by the person's settings
    addEventListener("keydown", (event) => this.#pressed(event), true);
    document.addEventListener("click", (event) => this.#clicked(event));
  }

  add(...commands) {
    for (const command of commands) this.byId.set(command.id, command);
  }

  get list() {
    return [...this.byId.values()];
  }

  run(id, event) {
    const command = this.byId.get(id);
    if (!command || command.when?.() === false) return false;
    return command.run(event) !== false;
  }

  chords(command) {
    return this.changed[command.id] ? [this.changed[command.id]] : (command.keys ?? []);
  }

  /** Give the buttons `[data-command]` their keys, said and shown. */
  label(root = document) {
    for (const button of root.querySelectorAll("[data-command]")) {
      const command = this.byId.get(button.dataset.command);
      const [chord] = command ? this.chords(command) : [];
      if (!chord) continue;
      button.setAttribute("aria-keyshortcuts", chord.replaceAll("-", "+").replace("Mod", IS_MAC ? "Meta" : "Control"));
      const name = button.getAttribute("aria-label") ?? button.textContent.trim();
      if (button.title) button.title = `${command.name ?? name} (${shownChord(chord)})`;
    }
  }

  #pressed(event) {
    if (event.isComposing || event.defaultPrevented) return;
    const chord = chordOf(event);
    const inText = Boolean(event.target.closest?.(".cm-content"));
    const inDialog = Boolean(document.querySelector("dialog:modal"));
    for (const command of this.list) {
      if (!this.chords(command).includes(chord)) continue;
      if ((command.inText && !inText) || (inDialog && !command.inDialog) || command.when?.() === false) continue;
      if (command.run(event) === false) continue;
      event.preventDefault();
      event.stopPropagation();
      return;
    }
  }

  #clicked(event) {
    const button = event.target.closest?.("[data-command]");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    event.preventDefault();
    this.run(button.dataset.command, event);
  }
}

/** The chord of a key event, in the order Mod, Ctrl, Alt, Shift. */
export function chordOf(event) {
  const isLetter = /^[a-z]$/i.test(event.key);
  const digit = event.altKey && /^Digit(\d)$/.exec(event.code)?.[1]; // Option and a digit type a sign on a Mac
  const key = digit || (isLetter ? event.key.toLowerCase() : event.key);
  const named = key.length > 1 || isLetter; // a sign such as "+" has its Shift in itself
  const [mod, ctrl] = IS_MAC ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, false];
  return [mod && "Mod", ctrl && "Ctrl", event.altKey && "Alt", event.shiftKey && named && "Shift", key].filter(Boolean).join("-");
}

/** A chord as people read it: "Ctrl Shift K". */
export const shownChord = (chord) => (chord.endsWith("--") ? [...chord.slice(0, -2).split("-"), "-"] : chord.split("-")).map((key) => SHOWN[key] ?? (key.length === 1 ? key.toUpperCase() : key)).join(IS_MAC ? "" : " ");
