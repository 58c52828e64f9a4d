// The page as it will stand in the book, beside its text: set by the server with the book's own rules, shown with the book's own style.
import { ask } from "./lookups.js";
import { say } from "./words.js";

const REFRESH_AFTER = 500; // ms after the hands rest
const NARROW = matchMedia("(max-width: 760px)");

export function addPreview(desk) {
  const preview = new Preview(desk);
  desk.commands.add({ id: "preview", name: say("preview"), group: "view", isOn: () => preview.isOpen, run: () => preview.toggle() });
}

class Preview {
  constructor(desk) {
    const part = document.getElementById("book-preview");
    const [body, findings, state] = ["body", "findings", "state"].map((name) => part.querySelector(`[data-preview="${name}"]`));
    Object.assign(this, { desk, part, body, findings, state });
    part.querySelector("[data-preview='close']").addEventListener("click", () => this.toggle());
    part.addEventListener("keydown", (event) => event.key === "Escape" && this.toggle());
    findings.addEventListener("click", (event) => this.#goTo(event.target.closest("button")?.dataset.line));
    desk.on("change", () => this.isOpen && this.#later());
    desk.on("open", () => this.isOpen && this.#set());
    new ResizeObserver(([{ target }]) => part.style.setProperty("--sheet-height", `${target.clientHeight}px`)).observe(desk.sheet.root);
  }

  get isOpen() {
    return !this.part.hidden;
  }

  toggle() {
    this.part.hidden = this.isOpen;
    document.body.toggleAttribute("data-preview", this.isOpen);
    for (const button of document.querySelectorAll("[data-command='preview']")) button.setAttribute("aria-pressed", this.isOpen);
    this.desk.sheet.draw();
    if (!this.isOpen) return this.desk.editor.focus();
    this.page ??= this.#paper();
    this.#set();
    if (NARROW.matches) this.part.querySelector("[data-preview='close']").focus();
  }

  // The book's style holds for the page alone, and ours for nothing in it.
  #paper() {
    const root = this.body.attachShadow({ mode: "open" });
    const sheets = [this.part.dataset.style, this.part.dataset.paper].map((href) => Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
    const page = Object.assign(document.createElement("div"), { className: "paper" });
    root.append(...sheets, page);
    page.addEventListener("click", (event) => this.#followLink(event));
    return page;
  }

  #later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#set(), REFRESH_AFTER);
  }

  async #set() {
    clearTimeout(this.timer);
    const { desk } = this;
    const { data, text } = desk;
    const { ok, body } = await ask(data.urls.preview, { text });
    if (!this.isOpen || desk.data !== data) return;
    if (desk.text !== text) return this.#later();
    this.state.textContent = ok ? "" : say("preview-offline");
    if (!ok) return;
    const [language] = data.project.languages;
    Object.assign(this.page, { innerHTML: body.html, lang: language ?? "und", dir: data.project.direction ?? "ltr" });
    this.findings.replaceChildren(...body.findings.map(findingOf));
    this.findings.hidden = !body.findings.length;
  }

  #goTo(line) {
    if (!line) return;
    if (NARROW.matches) this.toggle();
    const { doc } = this.desk.view.state;
    const { from, to } = doc.line(Math.min(Math.max(1, Number(line)), doc.lines));
    this.desk.editor.select(from, to);
    this.desk.sheet.follow(true);
  }

  // Links between a note and its mark stay within the page.
  #followLink(event) {
    const link = event.target.closest("a[href^='#']");
    if (!link) return;
    event.preventDefault();
    this.page.getRootNode().getElementById(link.getAttribute("href").slice(1))?.scrollIntoView({ block: "center" });
  }
}

function findingOf({ severity, line, sentence }) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: say("line-number", { n: line }) });
  button.dataset.line = line;
  const item = Object.assign(document.createElement("li"), { className: `is-${severity}` });
  item.append(button, ` ${sentence}`);
  return item;
}
