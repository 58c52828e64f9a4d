// The desk: what its features share. A feature adds commands, CodeMirror extensions and listeners; pages come and go under it.
import { EditorView } from "../codemirror.js";
import { Commands } from "./commands.js";
import { Editor } from "./editor.js";
import { PrintedPage } from "./printed.js";
import { decodedImage } from "./scan.js";
import { Sheet } from "./sheet.js";
import { say } from "./words.js";

export class Desk {
  /** `settings` as `settings.js` keeps them. Features are added, then `start` is called once. */
  constructor(settings) {
    this.settings = settings;
    this.commands = new Commands();
    this.extensions = [];
    this.listeners = new Map();
    this.checks = []; // asked before a page is handed in: each gives `{words, at}` (`at` a place in the text) or nothing
    this.live = document.getElementById("desk-live");
    this.sheet = new Sheet(this, document.getElementById("sheet"));
    this.extend(EditorView.updateListener.of((update) => update.docChanged && this.emit("change", update)));
  }

  /** Give the text a CodeMirror extension; only before `start`. */
  extend(...extensions) {
    this.extensions.push(...extensions);
  }

  /** Listen: "start" (once, before the first page), "open" (a page is shown), "leave" (it is about to go), "change", "caret", "drawn", "state"; "go" (to a task), "next-page". */
  on(event, run) {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), run]);
  }

  emit(event, detail) {
    for (const run of this.listeners.get(event) ?? []) run(detail);
  }

  /** Take the place of the plain form. `data` is the page in hand (the API's SheetOut); `typed` what stands in the form, `selected` its selection. */
  start(data, { nonce, typed, selected, image }) {
    const area = document.getElementById("text");
    this.editor = new Editor(document.getElementById("text-pane"), {
      nonce, describedBy: area.getAttribute("aria-describedby"), extensions: this.extensions,
    });
    area.closest("#plain-text").remove();
    document.body.dataset.ready = "";
    this.sheet.attach(this.editor);
    this.commands.label();
    this.emit("start", data);
    this.open(data, image);
    if (typed !== data.task.text) this.editor.replaceAll(typed);
    if (Math.max(...selected) <= typed.length) this.editor.select(...selected);
  }

  /** Show a page: `data` as the API gives it, `image` decoded (or undefined while it loads). */
  open(data, image) {
    if (this.data) this.emit("leave", this.data);
    this.data = data;
    this.page = new PrintedPage({ ...data.page, image: data.urls.image }, data.lines);
    const [language] = data.project.languages;
    this.editor.open({ text: data.task.text, anchors: data.anchors, language: language ?? "und", direction: data.project.direction ?? "ltr", label: say("text-of", { label: data.page.label }) });
    this.sheet.open(this.page, image, say("scan-of", { label: data.page.label }));
    if (!image) this.#showImageLater(data);
    this.emit("open", data);
    this.sheet.follow();
  }

  async #showImageLater(data) {
    const image = await decodedImage(data.urls.image);
    if (this.data !== data) return;
    this.sheet.image = image;
    this.sheet.drawNow();
  }

  get text() {
    return this.editor.text;
  }

  get view() {
    return this.editor.view;
  }

  /** Say something to screen readers that the eye sees anyway. */
  announce(words) {
    this.live.textContent = words;
  }
}
