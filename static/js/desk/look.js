// How the scan and the text look: turned, lighter, inverted, examined; typefaces and proof marks. All of it is remembered.
import { Decoration, EditorView, StateEffect, StateField } from "../codemirror.js";
import { say } from "./words.js";

const QUARTER = 90;
const FACES = ["mono", "sans", "book"];
const PROOF_MARKS = { punctuation: /[.,;:!?'"“”‘’()—–-]+/g, lookalikes: /[1lI|0O]/g };
const USUAL = { brightness: 1, contrast: 1, threshold: 0, invert: false, rotate: 0 };
const INK = Decoration.mark({ class: "proof-mark" });
const setPattern = StateEffect.define();

const field = StateField.define({
  create: () => ({ pattern: undefined, marks: Decoration.none }),
  update(value, transaction) {
    let { pattern } = value;
    for (const effect of transaction.effects) if (effect.is(setPattern)) pattern = effect.value;
    if (pattern === value.pattern && (!pattern || !transaction.docChanged)) return value;
    return { pattern, marks: pattern ? Decoration.set([...transaction.newDoc.toString().matchAll(pattern)].map((found) => INK.range(found.index, found.index + found[0].length))) : Decoration.none };
  },
  provide: (self) => EditorView.decorations.from(self, ({ marks }) => marks),
});

export function addLook(desk) {
  const { settings, sheet, commands } = desk;
  desk.extend(field);
  addScanLook(desk);
  const face = (name) => {
    document.body.dataset.face = name;
    sheet.draw();
  };
  const showProofMarks = () => desk.view.dispatch({ effects: setPattern.of(PROOF_MARKS[settings.get("proofMarks", "off")]) });
  settings.onChange((name, value) => {
    if (name === "face") face(value ?? "usual");
    if (name === "proofMarks") showProofMarks();
  });
  desk.on("start", () => face(settings.get("face", "usual")));
  desk.on("open", showProofMarks);
  commands.add(
    ...FACES.map((name) => ({ id: `face-${name}`, name: say(`face-${name}`), group: "view", run: () => settings.set("face", name) })),
    ...["off", "punctuation", "lookalikes"].map((name) => ({ id: `proof-marks-${name}`, name: say(`proof-marks-${name}`), group: "view", run: () => settings.set("proofMarks", name) })),
    { id: "hide-bars", name: say("hide-bars"), group: "view", run: () => document.body.toggleAttribute("data-bare") },
    { id: "next-region", name: say("next-region"), group: "view", keys: ["F6"], run: () => goRound(1) },
    { id: "previous-region", name: say("previous-region"), group: "view", keys: ["Shift-F6"], run: () => goRound(-1) },
    { id: "examine", name: say("examine"), group: "view", run: () => examine(desk) },
  );
}

// --- The scan ----------------------------------------------------------------------------------------------------

function addScanLook(desk) {
  const { settings, sheet } = desk;
  const panel = document.getElementById("scan-look");
  const slug = () => desk.data.project.slug;
  const now = () => Object.fromEntries(Object.entries(USUAL).map(([name, usual]) => [name, settings.ofBook(slug(), name, usual)]));
  const show = () => {
    const { brightness, contrast, threshold, invert, rotate } = now();
    const parts = [
      brightness !== 1 && `brightness(${brightness})`, contrast !== 1 && `contrast(${contrast})`,
      threshold && `grayscale(1) brightness(${0.5 / threshold}) contrast(12)`, invert && "invert(1)",
    ].filter(Boolean);
    document.body.toggleAttribute("data-look", parts.length > 0);
    document.body.style.setProperty("--look", parts.join(" ") || "none");
    sheet.turnTo(rotate);
    for (const control of panel.querySelectorAll("[name]")) {
      const value = now()[control.name];
      if (control.type === "checkbox") control.checked = control.name === "threshold" ? value > 0 : value;
      else if (control.name === "rotate") control.value = value - Math.round(value / QUARTER) * QUARTER;
      else control.value = value || control.value;
    }
    panel.querySelector("[data-threshold]").hidden = !threshold;
  };
  const choose = (changes) => {
    settings.setOfBook(slug(), Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, value === USUAL[name] ? null : value])));
    show();
  };
  panel.addEventListener("input", ({ target }) => {
    if (target.name === "threshold") choose({ threshold: target.type === "checkbox" ? (target.checked ? 0.5 : 0) : Number(target.value) });
    else if (target.name === "rotate") choose({ rotate: Math.round(now().rotate / QUARTER) * QUARTER + Number(target.value) });
    else choose({ [target.name]: target.type === "checkbox" ? target.checked : Number(target.value) });
  });
  const turn = (by) => choose({ rotate: ((((now().rotate + by + 180) % 360) + 360) % 360) - 180 });
  desk.commands.add(
    { id: "turn-right", name: say("turn-right"), group: "view", run: () => turn(QUARTER) },
    { id: "turn-left", name: say("turn-left"), group: "view", run: () => turn(-QUARTER) },
    { id: "scan-as-scanned", name: say("scan-as-scanned"), group: "view", run: () => choose(USUAL) },
    { id: "scan-invert", name: say("scan-invert"), group: "view", run: () => choose({ invert: !now().invert }) },
    { id: "scan-black-and-white", name: say("scan-black-and-white"), group: "view", run: () => choose({ threshold: now().threshold ? 0 : 0.5 }) },
  );
  desk.on("open", show);
}

async function examine(desk) {
  const dialog = document.getElementById("examine");
  dialog.showModal();
  withoutItsStyle();
  const { default: OpenSeadragon } = await import("../openseadragon.js");
  if (!dialog.open) return;
  const viewer = OpenSeadragon({
    element: dialog.querySelector("[data-viewer]"), tileSources: { type: "image", url: desk.data.urls.full_image }, showNavigationControl: false,
    maxZoomPixelRatio: 4, animationTime: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 0.4, gestureSettingsMouse: { clickToZoom: false }, crossOriginPolicy: false,
  });
  const keys = { in: () => viewer.viewport.zoomBy(1.4), out: () => viewer.viewport.zoomBy(1 / 1.4), home: () => viewer.viewport.goHome(), turn: () => viewer.viewport.rotateBy(QUARTER) };
  const press = ({ target }) => {
    const name = target.closest("[data-examine]")?.dataset.examine;
    keys[name]?.();
    viewer.viewport.applyConstraints();
  };
  dialog.addEventListener("click", press);
  dialog.addEventListener("close", () => {
    dialog.removeEventListener("click", press);
    viewer.destroy();
    desk.editor.focus();
  }, { once: true });
}

// The viewer would put a style of its own into the page, which our policy forbids; it asks first whether one is there.
function withoutItsStyle() {
  const name = "data-openseadragon-mobile-css";
  if (document.querySelector(`style[${name}]`)) return;
  const style = document.createElement("style");
  style.setAttribute(name, "");
  style.nonce = document.querySelector("meta[name=csp-nonce]").content;
  document.head.append(style);
}

// --- Round the regions -------------------------------------------------------------------------------------------

const REGIONS = [".desk-bar", ".desk-tools", "#notes-panel", "#scan", ".cm-content", "#desk-messages", "#find-bar", ".desk-foot", "#toasts"];

function goRound(step) {
  const regions = REGIONS.map((name) => document.querySelector(name)).filter((region) => region && firstIn(region));
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  firstIn(regions.at((Math.max(here, step > 0 ? -1 : 0) + step) % regions.length)).focus();
}

// What takes the focus in a region: itself, or the first in sight that can.
function firstIn(region) {
  if (region.isContentEditable) return region;
  return [region, ...region.querySelectorAll("a, button, input, textarea, summary, [tabindex]")].find((part) => part.tabIndex >= 0 && !part.disabled && part.checkVisibility({ visibilityProperty: true }));
}
