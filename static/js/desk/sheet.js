// Scan and text together: chooses the layout, draws it when something changes, and keeps band and ring at the caret.
import { EditorView } from "../codemirror.js";
import { printedLinesOf, tieAt, tieOf, ties } from "./anchors.js";
import { dressLines } from "./editor.js";
import { Facing } from "./layouts/facing.js";
import { Interlinear } from "./layouts/interlinear.js";
import { Stacked } from "./layouts/stacked.js";
import { TextOnly } from "./layouts/text-only.js";
import { Ruler } from "./measure.js";

const LAYOUTS = { facing: Facing, interlinear: Interlinear, stacked: Stacked, text: TextOnly };
const ZOOM_STEP = 1.15;
const RING = 5; // CSS px around the word
const GOOD_TYPE = 17; // CSS px: smaller type is set narrower first
const LEAST_TYPE = 12;
const NARROWEST = "82%"; // of the type's width
const HIGHEST = 0.35; // the caret's line stays between these shares of the sheet's height
const LOWEST = 0.6;

export class Sheet {
  constructor(desk, root) {
    this.desk = desk;
    this.root = root;
    this.scan = root.querySelector("#scan");
    this.pane = root.querySelector("#text-pane");
    this.band = part("band", root);
    this.scanBand = part("scan-band", this.scan);
    this.ring = part("ring", root);
    this.zoom = 1;
    this.turn = 0; // degrees clockwise
    this.layouts = {};
    desk.extend(EditorView.updateListener.of((update) => this.#updated(update)));
    root.addEventListener("click", (event) => this.#goToPrint(event));
    new ResizeObserver(() => this.draw()).observe(root);
  }

  /** The editor is there. */
  attach(editor) {
    this.editor = editor;
    this.ruler = new Ruler(editor.view.contentDOM);
  }

  /** Show another page; its text is in the editor already. `image` is decoded, or undefined. */
  open(page, image, label) {
    Object.assign(this, { page, image, scanLabel: label });
    this.drawn = undefined;
    this.root.scrollTop = 0;
    this.scan.scrollTop = 0;
    this.drawNow();
  }

  get layoutName() {
    return document.body.dataset.layout;
  }

  choose(name) {
    const same = this.layout && name === this.layoutName;
    if (!same) {
      this.layout?.leave();
      document.body.dataset.layout = name;
      this.layout = this.layouts[name] ??= new LAYOUTS[name](this);
      this.layout.enter();
      this.drawn = undefined;
    }
    if (this.page) this.drawNow();
    this.follow(true);
  }

  /** Larger (1), smaller (-1) or fitted (0). */
  enlarge(step) {
    this.zoom = step === 0 ? 1 : Math.min(4, Math.max(0.4, this.zoom * ZOOM_STEP ** step));
    this.drawNow();
    this.follow(true);
  }

  /** Turn the scan, degrees clockwise from upright. */
  turnTo(degrees) {
    this.turn = ((((degrees + 180) % 360) + 360) % 360) - 180;
    if (this.page) this.drawNow();
  }

  /** Draw before the next frame. */
  draw() {
    if (this.page) this.frame ??= requestAnimationFrame(() => this.drawNow());
  }

  drawNow() {
    cancelAnimationFrame(this.frame);
    this.frame = undefined;
    const { pitch, type, stretch, room } = this.#size();
    const style = document.body.style;
    style.setProperty("--pitch", `${pitch}px`);
    style.setProperty("--type", `${type}px`);
    style.setProperty("--stretch", stretch);
    style.setProperty("--room", room ? `${room}px` : "none");
    const { state } = this.editor;
    this.lineOf = printedLinesOf(state);
    const heights = this.#rowHeights(pitch);
    const drawn = JSON.stringify([this.layoutName, pitch, type, stretch, this.zoom, this.turn, this.scan.clientWidth, this.pane.clientWidth, Boolean(this.image), this.lineOf, this.layoutName === "interlinear" ? state.doc.toString() : heights]);
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      const dress = this.layout.dress(state, this.lineOf, heights, this.#baseline());
      this.editor.view.dispatch({ effects: dressLines.of(dress) });
      this.desk.emit("drawn");
    }
    this.follow();
  }

  // The type keeps its size while one types; it is chosen anew for another page, window or zoom.
  #size() {
    const reason = [this.layoutName, this.zoom, this.scan.clientWidth, this.pane.clientWidth, document.body.dataset.face].join();
    if (this.sizedFor !== this.page || reason !== this.sizeReason) {
      this.sizing = this.layout.size();
      [this.sizedFor, this.sizeReason] = [this.page, reason];
    }
    return this.sizing;
  }

  // Heights of the text's rows without the gaps above them; rows out of sight are taken to be of one line.
  #rowHeights(pitch) {
    const { view } = this.editor;
    const heights = new Array(view.state.doc.lines).fill(pitch);
    let row = view.state.doc.lineAt(view.viewport.from).number - 1;
    for (const line of view.contentDOM.querySelectorAll(":scope > .cm-line")) heights[row++] = Math.round(line.getBoundingClientRect().height * 100) / 100;
    return heights;
  }

  // Where the letters stand within a row, CSS px from its top.
  #baseline() {
    const row = Object.assign(document.createElement("div"), { className: "ruler-row" });
    const foot = row.appendChild(document.createElement("span"));
    row.append("x");
    this.ruler.probe.replaceChildren(row);
    const base = foot.getBoundingClientRect().bottom - row.getBoundingClientRect().top;
    this.ruler.probe.replaceChildren();
    return base;
  }

  /** The largest comfortable type, CSS px, up to `wish`, at which the longest row fits: first smaller, then narrower, then smaller still. */
  typeThatFits(wish, { least = LEAST_TYPE } = {}) {
    const { contentDOM } = this.editor.view;
    const { paddingInlineStart, paddingInlineEnd } = getComputedStyle(contentDOM);
    const room = contentDOM.clientWidth - parseFloat(paddingInlineStart) - parseFloat(paddingInlineEnd) - 4;
    const longest = this.#longestRow();
    const wide = room / this.ruler.unit(longest, "100%");
    if (wide >= Math.min(GOOD_TYPE, wish)) return { type: Math.min(wish, wide), stretch: "100%" };
    const narrow = room / this.ruler.unit(longest, NARROWEST);
    return { type: Math.min(GOOD_TYPE, wish, Math.max(least, narrow)), stretch: NARROWEST };
  }

  #longestRow() {
    let longest = "";
    for (const row of this.editor.state.doc.iterLines()) if (row.length > longest.length) longest = row;
    return longest || "x";
  }

  /** The ties in a row of the text. */
  tiesIn(row) {
    const { from, to } = this.editor.state.doc.line(row + 1);
    return this.editor.state.field(ties).filter((tie) => tie.from >= from && tie.from <= to);
  }

  /** What the text scrolls in. */
  get scroller() {
    return this.layoutName === "stacked" ? this.pane : this.root;
  }

  get rightToLeft() {
    return this.editor.view.contentDOM.dir === "rtl"; // the view itself learns it only when it measures
  }

  #updated(update) {
    if (update.docChanged || update.geometryChanged) this.draw();
    if (!update.docChanged && !update.selectionSet) return;
    const byKeys = update.docChanged || update.transactions.some((each) => each.scrollIntoView || each.isUserEvent("select.keyboard") || (each.isUserEvent("select") && !each.isUserEvent("select.pointer")));
    this.following ??= requestAnimationFrame(() => {
      this.following = undefined;
      this.follow(this.keep);
      this.keep = false;
    });
    this.keep ||= byKeys;
    this.desk.emit("caret");
  }

  /** Bring band and ring to the caret; `keep` also scrolls its line into the middle of the sheet. */
  follow(keep = false) {
    if (!this.page || !this.editor.view.dom.isConnected) return;
    const { state, view } = this.editor;
    const { head, from } = state.selection.main;
    const block = view.lineBlockAt(head);
    const { scroller } = this;
    if (this.band.parentElement !== scroller) scroller.append(this.band);
    const start = view.documentTop - scroller.getBoundingClientRect().top + scroller.scrollTop;
    const [top, bottom] = [start + this.#textTop(block), start + block.bottom];
    Object.assign(this.band.style, { translate: `0 ${top}px`, height: `${bottom - top}px` });
    const row = state.doc.lineAt(head).number - 1;
    const line = this.#lineAbove(row);
    this.band.classList.toggle("is-loose", this.lineOf?.[row] !== line);
    const tie = tieAt(state, from === head ? head : from);
    const place = tie && this.layout.place(this.page.boxOf(tie));
    this.#encircle(place);
    if (this.layoutName === "stacked") this.#followStacked(line);
    if (keep) this.#keepInSight(top, bottom);
  }

  // The band lies on the text alone, or on the text and its strip of print.
  #textTop(block) {
    if (!Array.isArray(block.type) || this.layoutName === "interlinear") return block.top;
    return block.type.at(-1).top;
  }

  // The printed line of the row itself, or of the nearest above it that has one.
  #lineAbove(row) {
    for (let r = row; r >= 0; r--) if (this.lineOf?.[r] >= 0) return this.lineOf[r];
    return undefined;
  }

  #encircle(place) {
    this.ring.hidden = !place;
    if (!place) return;
    if (this.ring.parentElement !== place.within) place.within.append(this.ring);
    Object.assign(this.ring.style, { translate: `${place.left - RING}px ${place.top - RING + 1}px`, width: `${place.width + 2 * RING}px`, height: `${place.height + 2 * RING - 2}px` });
    const [left, right] = [place.left - 8, place.left + place.width + 8];
    const { within } = place;
    if (left < within.scrollLeft) within.scrollLeft = left;
    else if (right > within.scrollLeft + within.clientWidth) within.scrollLeft = right - within.clientWidth;
  }

  #followStacked(line) {
    const printed = this.page.lines[line];
    this.scanBand.hidden = !printed;
    if (!printed) return;
    const { top, height } = this.layout.place([printed.left, printed.top, printed.right - printed.left, printed.bottom - printed.top]);
    Object.assign(this.scanBand.style, { translate: `0 ${top - 4}px`, height: `${height + 8}px`, width: `${Math.max(this.scan.clientWidth, this.page.width * this.layout.scale)}px` });
    this.scan.scrollTop = top + height / 2 - this.scan.clientHeight / 2;
  }

  // The line in hand moves only when it leaves the middle of the sheet.
  #keepInSight(top, bottom) {
    const { scroller } = this;
    const height = scroller.clientHeight;
    const at = top - scroller.scrollTop;
    if (at < height * HIGHEST) scroller.scrollTop += at - height * HIGHEST;
    else if (at + bottom - top > height * LOWEST) scroller.scrollTop += Math.min(at - height * HIGHEST, at + bottom - top - height * LOWEST);
  }

  /** Select a printed word in the text, or put the caret into it. */
  goTo(line, word) {
    const tie = tieOf(this.editor.state, line, word);
    if (tie) this.editor.select(tie.from);
    return Boolean(tie);
  }

  #goToPrint(event) {
    if (!this.page || event.defaultPrevented) return;
    if (this.layoutName !== "interlinear" && !this.scan.contains(event.target)) return;
    const at = this.layout.point(event);
    const near = at && this.page.nearest(at.x, at.y, (line) => this.lineOf.includes(line));
    if (!near) return;
    if (this.goTo(near.line, near.word)) return;
    this.editor.select(this.editor.state.doc.line(this.lineOf.indexOf(near.line) + 1).from);
  }
}

function part(name, parent) {
  const made = Object.assign(document.createElement("div"), { className: name });
  made.setAttribute("aria-hidden", "true");
  parent.append(made);
  return made;
}
