// What both pages of /try share: the keys as this machine names them, spoken words, who types and who taps.
import { say } from "../desk/words.js";

export const isMac = /Mac|iPad|iPhone/.test(navigator.platform);
export const taps = matchMedia("(pointer: coarse)").matches;
const spoken = document.getElementById("said");

/** Tell a screen reader; the same words twice are told twice. */
export function tell(words) {
  spoken.textContent = "";
  requestAnimationFrame(() => (spoken.textContent = words));
}

/** Whether this key press hands in: Control Enter, Command Enter on a Mac. */
export const handsIn = (event) => event.key === "Enter" && (isMac ? event.metaKey : event.ctrlKey);

/** Tab that answers until Escape was pressed; the Tab after that moves the focus, as everywhere. */
export class TabKey {
  #isFree = false;

  /** Whether `event` is a Tab to be taken; `step` is then 1 or -1. F8 is always taken. */
  takes(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    if (event.key === "Escape") {
      this.#isFree = true;
      tell(say("free"));
      return false;
    }
    if (event.key === "F8") return true;
    if (event.key !== "Tab") return false;
    const taken = !this.#isFree;
    this.#isFree = false;
    return taken;
  }
}

for (const key of isMac ? document.querySelectorAll("[data-mac]") : []) key.textContent = key.dataset.mac;
