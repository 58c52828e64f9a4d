// The desk: wires the text, the sheet, saving and the keys. Without this file the page is a plain form that works.
import { showToast } from "../toast.js";
import { chooseText } from "./conflict.js";
import { DeviceCopy } from "./device.js";
import { Doubt } from "./doubt.js";
import { Draft } from "./draft.js";
import { Editor } from "./editor.js";
import { unclosedMark } from "./marks.js";
import { Sheet } from "./sheet.js";
import { say } from "./words.js";

const data = JSON.parse(document.getElementById("desk-data").textContent);
const form = document.getElementById("desk-form");
const messages = document.getElementById("desk-messages");
const NARROW = matchMedia("(max-width: 760px)");
const REMATCH_AFTER = 300; // ms after a change

const editor = new Editor(document.getElementById("text"));
const sheet = new Sheet({ editor, page: data.page, lines: data.lines });
const doubt = new Doubt(sheet, editor);
const device = new DeviceCopy(data.person, data.task);
const draft = new Draft({
  url: data.draftUrl, version: data.version, text: editor.text, device, read: () => editor.text, show: showState, onConflict: settleConflict,
});

function remember(name, value) {
  try {
    if (value === undefined) return localStorage.getItem(`galley.${name}`);
    localStorage.setItem(`galley.${name}`, value);
  } catch {
    // Not remembered.
  }
  return null;
}

// --- Saving ------------------------------------------------------------------------------------------------------

const ICONS = { saved: "saved", saving: "saving", offline: "offline", "signed-out": "sign-in", conflict: "compare", refused: "circle-alert" };

function showState(state, detail) {
  const place = document.getElementById("save-state");
  place.dataset.state = state;
  place.querySelector("use").setAttribute("href", `${data.icons}#${ICONS[state]}`);
  const words = place.querySelector(".save-words");
  if (words.textContent !== say(state)) words.textContent = say(state);
  place.title = detail ?? "";
  place.querySelector("a, button")?.remove();
  if (state === "signed-out") place.append(Object.assign(document.createElement("a"), { href: data.signInUrl, target: "_blank", textContent: say("sign-in") }));
  form.elements.version.value = draft?.version ?? data.version;
}

async function settleConflict(current, detail) {
  if (current.version === undefined) {
    showMessage(`${detail ?? ""} ${say("kept")}`, true);
    return;
  }
  const mine = editor.text;
  const chosen = current.text === mine ? "mine" : await chooseText(mine, current.text, current.by);
  if (chosen === "other") {
    device.keep(mine);
    editor.replaceAll(current.text);
    showToast(say("kept"), { label: say("bring-back"), run: () => editor.replaceAll(mine) });
  }
  if (chosen) await draft.settle(current.version, current.text);
  else offerChoice(current, detail);
}

function offerChoice(current, detail) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: say("see-both") });
  button.addEventListener("click", () => settleConflict(current, detail));
  document.getElementById("save-state").append(button);
}

function restoreFromDevice() {
  if (data.conflict) {
    settleConflict({ text: document.querySelector("#conflict [data-other]").textContent, version: data.version, by: data.conflict });
    return;
  }
  const copy = device.read();
  if (!copy || copy.text === editor.text) {
    device.clear();
    return;
  }
  const saved = editor.text;
  if (copy.version < data.version) {
    editor.replaceAll(copy.text);
    settleConflict({ text: saved, version: data.version });
    return;
  }
  editor.replaceAll(copy.text);
  showToast(say("restored"), { label: say("use-saved"), run: () => editor.replaceAll(saved) });
}

// --- Handing in --------------------------------------------------------------------------------------------------

let asked;

function showMessage(words, isError = false) {
  const message = document.createElement("div");
  message.className = `desk-message${isError ? " is-error" : ""}`;
  message.append(Object.assign(document.createElement("p"), { textContent: words }));
  messages.replaceChildren(message);
}

// One question at most: a second time, or with the same fault named, the page goes as it is.
function mayGo() {
  const unclosed = unclosedMark(editor.rows);
  const fault = !editor.text.trim() ? say("empty") : unclosed && say("unclosed", { line: unclosed.row + 1, mark: unclosed.mark });
  if (!fault || fault === asked) return true;
  asked = fault;
  showMessage(`${fault} ${say("again")}`);
  if (unclosed) editor.select(unclosed.row, 0);
  return false;
}

async function handIn(thenDesk = false) {
  if (!mayGo()) return;
  if (!(await draft.saveAll())) {
    if (draft.state === "offline") showMessage(say("waiting"));
    return;
  }
  form.elements.version.value = draft.version;
  if (asked || thenDesk) {
    addField("confirmed", asked ? "1" : "");
    addField("then", thenDesk ? "desk" : "");
  }
  device.clear();
  for (const button of document.querySelectorAll("[data-done]")) button.disabled = true;
  form.submit();
}

function addField(name, value) {
  if (value) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
}

// --- Looks -------------------------------------------------------------------------------------------------------

const deviceClass = () => (NARROW.matches ? "narrow" : "wide");

function choose(layout) {
  document.body.dataset.layout = layout;
  for (const button of document.querySelectorAll("[data-layout-choice]")) button.setAttribute("aria-pressed", button.dataset.layoutChoice === layout);
  document.querySelector("[data-zoom-tools]").hidden = layout === "text";
  sheet.draw();
  sheet.follow(true);
}

function enlarge(step) {
  sheet.enlarge(step);
  sheet.follow(true);
  document.querySelector("[data-zoom='0']").textContent = sheet.zoom === 1 ? say("fit") : new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(sheet.zoom);
  remember(`zoom.${deviceClass()}`, sheet.zoom);
}

// --- Events ------------------------------------------------------------------------------------------------------

let rematch;
editor.area.addEventListener("input", () => {
  draft.changed();
  clearTimeout(rematch);
  const rows = editor.rows.length;
  if (rows !== sheet.lineOf.length) redraw();
  else rematch = setTimeout(redraw, REMATCH_AFTER);
});
editor.area.addEventListener("caret", () => sheet.follow());
editor.area.addEventListener("keyup", () => sheet.follow(true));

function redraw() {
  if (sheet.match()) sheet.draw();
  else sheet.follow();
  doubt.find();
}

const KEYS = {
  "Control+Enter": () => handIn(), "Control+Shift+Enter": () => handIn(true), "Control+s": () => draft.save(),
  F8: () => doubt.go(1), "Shift+F8": () => doubt.go(-1), "Alt++": () => enlarge(1), "Alt+=": () => enlarge(1), "Alt+-": () => enlarge(-1), "Alt+0": () => enlarge(0),
};
const isMac = /Mac|iPad|iPhone/.test(navigator.platform);

addEventListener("keydown", (event) => {
  const chord = [(isMac ? event.metaKey : event.ctrlKey) && "Control", (isMac ? event.ctrlKey : event.altKey) && "Alt", event.shiftKey && event.key.length > 1 && "Shift", event.key].filter(Boolean).join("+");
  if (!KEYS[chord] || document.querySelector("dialog:modal")) return;
  event.preventDefault();
  KEYS[chord]();
});

for (const button of document.querySelectorAll("[data-layout-choice]")) {
  button.addEventListener("click", () => {
    remember(`layout.${deviceClass()}`, button.dataset.layoutChoice);
    choose(button.dataset.layoutChoice);
  });
}
for (const button of document.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => enlarge(Number(button.dataset.zoom)));
for (const button of document.querySelectorAll("[data-doubt]")) button.addEventListener("click", () => doubt.go(Number(button.dataset.doubt)));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  handIn();
});

// Leaving the page by its own forms takes the latest text along.
for (const leaving of document.querySelectorAll("form[data-save-first]")) {
  leaving.addEventListener("submit", async (event) => {
    event.preventDefault();
    await draft.saveAll();
    leaving.submit();
  });
}

function start() {
  sheet.zoom = Number(remember(`zoom.${deviceClass()}`)) || 1;
  choose(remember(`layout.${deviceClass()}`) ?? (NARROW.matches ? "stacked" : "facing"));
  doubt.find();
}

restoreFromDevice();
start();
Promise.all([document.fonts.ready, sheet.image.decode().catch(() => {})]).then(() => {
  sheet.draw();
  editor.area.setSelectionRange(0, 0);
  editor.focus();
});
let width = innerWidth;
new ResizeObserver(() => {
  if (innerWidth !== width) start();
  else sheet.draw();
  width = innerWidth;
}).observe(sheet.sheet);
