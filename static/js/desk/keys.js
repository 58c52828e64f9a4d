// The keys of plain text editing, as each system has them.
import * as cm from "../codemirror.js";
import { toCharBackward, toCharForward, toGroupBackward, toGroupForward, toLineBackward, toLineForward, deleting } from "./deleting.js";

const move = (keys, name) => ({ ...keys, run: cm[`cursor${name}`], shift: cm[`select${name}`], preventDefault: true });

export const EDITING_KEYS = [
  move({ key: "ArrowLeft" }, "CharLeft"),
  move({ key: "ArrowRight" }, "CharRight"),
  move({ key: "ArrowUp" }, "LineUp"),
  move({ key: "ArrowDown" }, "LineDown"),
  move({ key: "Mod-ArrowLeft", mac: "Alt-ArrowLeft" }, "GroupLeft"),
  move({ key: "Mod-ArrowRight", mac: "Alt-ArrowRight" }, "GroupRight"),
  move({ mac: "Cmd-ArrowLeft" }, "LineBoundaryLeft"),
  move({ mac: "Cmd-ArrowRight" }, "LineBoundaryRight"),
  move({ mac: "Cmd-ArrowUp" }, "DocStart"),
  move({ mac: "Cmd-ArrowDown" }, "DocEnd"),
  move({ key: "PageUp", mac: "Ctrl-ArrowUp" }, "PageUp"),
  move({ key: "PageDown", mac: "Ctrl-ArrowDown" }, "PageDown"),
  move({ key: "Home" }, "LineBoundaryBackward"),
  move({ key: "End" }, "LineBoundaryForward"),
  move({ key: "Mod-Home" }, "DocStart"),
  move({ key: "Mod-End" }, "DocEnd"),
  move({ mac: "Ctrl-a" }, "LineStart"),
  move({ mac: "Ctrl-e" }, "LineEnd"),
  { key: "Enter", run: cm.insertNewline, shift: cm.insertNewline },
  { key: "Mod-a", run: cm.selectAll },
  { key: "Backspace", run: deleting(toCharBackward), shift: deleting(toCharBackward) },
  { key: "Delete", run: deleting(toCharForward) },
  { key: "Mod-Backspace", mac: "Alt-Backspace", run: deleting(toGroupBackward) },
  { key: "Mod-Delete", mac: "Alt-Delete", run: deleting(toGroupForward) },
  { mac: "Mod-Backspace", run: deleting(toLineBackward) },
  { mac: "Mod-Delete", run: deleting(toLineForward) },
  { mac: "Ctrl-k", run: deleting(toLineForward) },
  { key: "Mod-z", run: cm.undo, preventDefault: true },
  { key: "Mod-y", mac: "Mod-Shift-z", run: cm.redo, preventDefault: true },
  { linux: "Ctrl-Shift-z", win: "Ctrl-Shift-z", run: cm.redo, preventDefault: true },
];
