// How much of the width the scan has: dragged, moved by the arrow keys, or chosen in the palette.
import { say } from "./words.js";

const LEAST = 25; // per cent of the width
const MOST = 75;
const USUAL = 49;
const STEP = 2;

export function addSplit(desk) {
  const { settings, sheet } = desk;
  const bar = document.getElementById("split");
  const show = (share) => {
    document.body.style.setProperty("--split", share);
    bar.setAttribute("aria-valuenow", share);
    sheet.draw();
  };
  const choose = (share) => settings.set("split", Math.round(Math.min(MOST, Math.max(LEAST, share))));
  const ofPointer = (event) => {
    const { left, width } = sheet.root.getBoundingClientRect();
    const share = (100 * (event.clientX - left)) / width;
    return getComputedStyle(sheet.root).direction === "rtl" ? 100 - share : share;
  };
  bar.addEventListener("pointerdown", (event) => {
    bar.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  bar.addEventListener("pointermove", (event) => bar.hasPointerCapture(event.pointerId) && choose(ofPointer(event)));
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP, Home: -100, End: 100 }[event.key];
    if (!step) return;
    event.preventDefault();
    choose(settings.get("split", USUAL) + step);
  });
  bar.addEventListener("dblclick", () => settings.set("split", null));
  settings.onChange((name, share) => name === "split" && show(share ?? USUAL));
  desk.on("start", () => show(settings.get("split", USUAL)));
  desk.commands.add(...[40, 50, 60].map((share) => ({ id: `split-${share}`, name: say("split-to", { share }), group: "view", run: () => choose(share) })));
}
