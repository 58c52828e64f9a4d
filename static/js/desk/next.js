// Done and next in one key: the page is checked, the next one is on the screen at once, and the hand-in runs behind it.
import { Ahead } from "./ahead.js";
import { tell, untell } from "./messages.js";
import { Outbox } from "./outbox.js";
import { unclosedMark } from "./marks.js";
import { showHead, showLease } from "./page-head.js";
import { passToast, showToast } from "../toast.js";
import { say } from "./words.js";

const PAGES_KNOWN = 6; // whose sheets are kept for going back while offline
const REOPEN_PAGE = "/reopen"; // behind the page's address: the form that takes it up again

export function addNext(desk) {
  desk.on("start", (data) => {
    desk.next = new Next(desk, data);
  });
  desk.checks.push(isEmpty, hasUnclosedMark);
  desk.commands.add(
    { id: "done", name: say("done"), group: "page", keys: ["Mod-Enter"], run: (event) => desk.next.finish(event) },
    { id: "done-desk", name: say("done-desk"), group: "page", keys: ["Mod-Shift-Enter"], run: (event) => desk.next.finish(event, { toDesk: true }) },
    { id: "page-before", name: say("page-before"), group: "page", keys: ["Alt-PageUp"], run: () => desk.next.step(-1) },
    { id: "page-after", name: say("page-after"), group: "page", keys: ["Alt-PageDown"], run: () => desk.next.step(1) },
  );
}

const isEmpty = ({ text }) => (text.trim() ? undefined : { words: say("empty"), at: 0 });

function hasUnclosedMark({ text, view }) {
  const fault = unclosedMark(text.split("\n"));
  if (!fault) return undefined;
  const line = view.state.doc.line(fault.row + 1);
  return { words: say("unclosed", { line: fault.row + 1, mark: fault.mark }), at: line.from + Math.max(0, line.text.indexOf(fault.mark)) };
}

class Next {
  constructor(desk, { today, desk_url: deskUrl, urls, task }) {
    Object.assign(this, { desk, today, deskUrl, saving: desk.saving, known: new Map() });
    const { server, device } = this.saving;
    this.ahead = new Ahead(server);
    this.outbox = new Outbox({ server, device, sent: (entry) => this.#sent(entry), waits: (entry, answer) => this.#waits(entry, answer), refused: (entry, answer) => this.#refused(entry, answer) });
    this.isDone = (id) => this.outbox.has(id);
    history.replaceState({ task: task.id }, "", urls.page);
    desk.on("open", (data) => this.#opened(data));
    desk.on("change", () => this.#changed());
    desk.on("signed-in", () => this.outbox.flush());
    desk.on("go", (id) => this.go(id));
    desk.on("next-page", () => this.#goOn(""));
    addEventListener("popstate", ({ state }) => state?.task && this.go(state.task, { isBack: true }));
    document.getElementById("desk-form").addEventListener("submit", (event) => event.preventDefault());
    this.outbox.flush();
  }

  // --- Pages come and go -----------------------------------------------------------------------------------------

  #opened(data) {
    if (this.shown) showHead(data, this.shown);
    this.shown = data;
    this.asked = undefined;
    this.known.delete(data.task.id);
    this.known.set(data.task.id, data);
    if (this.known.size > PAGES_KNOWN) this.known.delete(this.known.keys().next().value);
    whenIdle(() => this.#lookAhead(data));
  }

  async #lookAhead(data) {
    await this.handing;
    if (this.desk.data === data) await this.ahead.look(data, this.isDone);
  }

  #show({ data, image }, { isBack = false } = {}) {
    performance.mark("galley.swap");
    this.desk.open(data, image);
    performance.measure("galley.swap", "galley.swap");
    if (!isBack) history.pushState({ task: data.task.id }, "", data.urls.page);
    this.desk.announce(say("now-on", { label: data.page.label, title: data.project.title }));
    this.#free();
    if (!matchMedia("(pointer: coarse)").matches) this.desk.editor.focus();
  }

  /** Go to a page in hand; one that waits to be handed in is taken back. A page that is not in hand is shown where it is. */
  async go(task, { isBack = false } = {}) {
    if (task === this.desk.data.task.id) return;
    this.ahead.forget();
    const entry = await this.outbox.take(task);
    if (entry) await this.saving.giveBack(entry);
    const { status, body } = await this.ahead.sheet(this.desk.data.urls, task);
    if (status === 200) return this.#show({ data: body }, { isBack });
    if (status === 0 && this.known.has(task)) return this.#show({ data: this.known.get(task) }, { isBack });
    if (status === 0 || status >= 500) return this.#stay(isBack);
    const address = this.desk.data.urls.page.replace(/\d+$/, task);
    return isBack ? location.replace(address) : location.assign(address);
  }

  // The page asked for can't be had now: the address is again that of the page on the desk.
  #stay(isBack) {
    const { task, urls } = this.desk.data;
    if (isBack) history.pushState({ task: task.id }, "", urls.page);
    showToast(say("no-way"));
  }

  /** To the next (1) or previous (-1) of one's pages in hand. */
  async step(by) {
    const held = (await this.ahead.held(this.desk.data)).filter(({ task }) => !this.isDone(task));
    const here = held.findIndex(({ task }) => task === this.desk.data.task.id);
    const there = held[(here + by + held.length) % held.length];
    if (held.length < 2 || there.task === this.desk.data.task.id) return this.desk.announce(say("only-page"));
    return this.go(there.task);
  }

  // --- Handing in -------------------------------------------------------------------------------------------------

  /** Hand the page in and go on. A likely slip is asked about once; the same key again sends the page as it is. */
  async finish(event, { toDesk = false } = {}) {
    const { saving } = this;
    if (event?.repeat || this.busy || this.#asksAboutSlip()) return;
    if (saving.draft.state === "lost") return void this.#goOn("");
    if (saving.draft.state === "conflict") return void saving.seeBoth();
    if (saving.draft.state === "signed-out" && !(await saving.signIn())) return;
    const ready = toDesk ? undefined : this.ahead.take(this.desk.data, this.isDone);
    const { draft } = saving;
    const entry = this.#entry(draft);
    const closed = draft.close();
    if (ready) this.#show(ready);
    else this.#hold();
    this.handing = closed.then(() => this.#handIn(entry, draft));
    const words = await this.handing;
    if (ready) await this.#renew(ready.data);
    else if (words !== undefined) await (toDesk ? this.#toDesk(words, entry) : this.#goOn(words, entry));
    else this.#free();
  }

  // What was fetched ahead was lent for minutes; now it is in hand like any other page.
  async #renew(data) {
    const { status, body } = await this.saving.server.call("POST", data.urls.renew);
    if (status !== 200) return;
    data.task.expires_at = body.expires_at;
    if (this.desk.data === data) showLease(data);
  }

  #entry({ data, task }) {
    const unseen = this.desk.unseen?.() ?? 0;
    return { task, label: data.page.label, urls: data.urls, text: this.desk.text, note: document.getElementById("note")?.value ?? "", unseen };
  }

  // Resolves to what is to be said when the server has the page, else to nothing.
  async #handIn(entry, draft) {
    const { version, base, pending, earlier } = draft;
    const arrived = this.outbox.add({ ...entry, version, base, sent: pending?.text ?? earlier });
    this.saving.done(draft);
    return (await arrived) ? this.#handedInWords(entry) : undefined;
  }

  #handedInWords({ label, unseen }) {
    return [say("handed-in", { label, today: this.today }), unseen ? say("unseen", { n: unseen }) : ""].join(" ").trim();
  }

  #asksAboutSlip() {
    const slip = this.desk.checks.map((check) => check(this.desk)).find(Boolean);
    untell("slip");
    if (!slip || slip.words === this.asked) return false;
    this.asked = slip.words;
    tell("slip", `${slip.words} ${say("again")}`, { icon: "triangle-alert" });
    this.desk.editor.select(Math.min(slip.at ?? 0, this.desk.text.length));
    return true;
  }

  #sent(entry) {
    this.today += 1;
    if (entry.task !== this.desk.data.task.id) this.#toast(this.#handedInWords(entry), { label: say("undo"), run: () => this.undo(entry) });
    else if (!this.busy) this.#goOn(this.#handedInWords(entry), entry); // it waited here, on the desk
  }

  #waits(entry, { status, other }) {
    if (status === 401) this.saving.draft.set("signed-out", { other });
    this.#toast(say("kept-waiting", { label: entry.label }), { label: say("undo"), run: () => this.undo(entry) });
  }

  async #refused(entry, { body }) {
    await this.saving.giveBack(entry);
    if (entry.task === this.desk.data.task.id) return this.saving.takeUpAgain();
    return showToast(say("not-handed-in", { label: entry.label, why: body.detail ?? "" }), { label: say("see-both"), run: () => this.#seeRefused(entry) });
  }

  async #seeRefused(entry) {
    const { status } = await this.ahead.sheet(this.desk.data.urls, entry.task);
    if (status === 200) await this.go(entry.task);
    else location.assign(entry.urls.page);
  }

  /** Take a page up again that was just handed in. */
  async undo({ task, urls }) {
    const waiting = await this.outbox.take(task);
    if (waiting) await this.saving.giveBack(waiting);
    else if (!(await this.#reopen(urls))) return;
    if (task === this.desk.data.task.id) this.saving.takeUpAgain();
    else await this.go(task);
  }

  async #reopen(urls) {
    const { status, body } = await this.saving.server.call("POST", urls.reopen);
    if (status === 200) this.today -= 1;
    else showToast(body.detail ?? say("no-way"));
    return status === 200;
  }

  // The page waits to be handed in and is changed again: it is taken back, and asks for its key once more.
  async #changed() {
    untell("slip");
    const { task, page } = this.desk.data;
    if (this.ahead.isStale) this.#lookAhead(this.desk.data);
    if (!this.outbox.has(task.id) || this.busy) return;
    const entry = await this.outbox.take(task.id);
    if (!entry) return;
    this.saving.takeUpAgain();
    showToast(say("taken-back", { label: page.label }));
  }

  // --- Where to next ----------------------------------------------------------------------------------------------

  // While the next page is fetched nothing can be typed into the one that is done.
  #hold() {
    this.busy = true;
    document.getElementById("sheet").inert = true;
  }

  #free() {
    this.busy = false;
    document.getElementById("sheet").inert = false;
  }

  async #goOn(words, entry) {
    const from = this.desk.data;
    this.#hold();
    const { data, refusal } = this.ahead.take(from, this.isDone) ?? (await this.ahead.next(from, this.isDone));
    if (data) {
      this.#show({ data });
      if (entry) this.#toast(words, { label: say("undo"), run: () => this.undo(entry) });
    } else if (refusal.status === 403 || refusal.status === 409 || refusal.status === 410) {
      this.#toDesk([words, refusal.body.detail].join(" ").trim(), entry);
    } else {
      tell("no-way", say("no-way"), { actions: [{ label: say("try-again"), run: () => this.#goOn(words, entry) }] });
    }
  }

  #toDesk(words, entry) {
    passToast(words, entry && { label: say("undo"), post: entry.urls.page + REOPEN_PAGE });
    location.assign(this.deskUrl);
  }

  #toast(words, action) {
    showToast(words, action, { stays: this.desk.settings.get("toastStays", false) });
  }
}

function whenIdle(run) {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(run, { timeout: 3000 });
  else setTimeout(run, 300);
}
