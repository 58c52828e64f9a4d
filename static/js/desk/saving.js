// Nothing typed is ever lost: each page on the desk has a draft that saves itself, and what stands about it is shown.
import { askWhich } from "./conflict.js";
import { Device } from "./device.js";
import { Draft } from "./draft.js";
import { compare, conflictsIn, merged, sameText } from "./merge.js";
import { iconOf, tell, untell } from "./messages.js";
import { Server, newKey } from "./server.js";
import { signInAgain } from "./sign-in.js";
import { showToast } from "../toast.js";
import { say } from "./words.js";

const ICONS = { saved: "saved", saving: "saving", offline: "offline", busy: "offline", "signed-out": "sign-in", conflict: "compare", lost: "circle-alert", refused: "triangle-alert" };
const LAID_ASIDE_MOST = 10; // texts a page
const LAID_ASIDE_DAYS = 60;
const LEFT_OVER_AFTER = 60_000; // ms: no other tab is about to save a copy as old as this

export function addSaving(desk) {
  desk.on("start", (data) => {
    desk.saving = new Saving(desk, data);
  });
  const isState = (...states) => () => states.includes(desk.saving?.draft.state);
  desk.commands.add(
    { id: "save", name: say("save-now"), group: "page", keys: ["Mod-s"], run: () => desk.saving.saveNow() },
    { id: "bring-back", name: say("bring-back-last"), group: "page", run: () => desk.saving.bringBack() },
    { id: "see-both", name: say("see-both"), group: "page", when: isState("conflict", "lost"), run: () => desk.saving.seeBoth() },
    { id: "sign-in", name: say("sign-in"), group: "page", when: isState("signed-out"), run: () => desk.saving.signIn() },
  );
}

export class Saving {
  constructor(desk, { person, urls }) {
    Object.assign(this, { desk, person, device: new Device(), server: new Server(person, urls.session), tab: newKey(), drafts: new Map(), given: new Map() });
    this.line = document.getElementById("save-state");
    desk.on("open", (data) => this.#open(data));
    desk.on("leave", () => this.#leave());
    desk.on("change", () => this.draft.changed());
    addEventListener("online", () => this.#everyDraft((draft) => draft.save()));
    addEventListener("focus", () => this.#everyDraft((draft) => draft.state === "signed-out" && draft.save()));
    document.addEventListener("visibilitychange", () => document.hidden && this.#everyDraft((draft) => draft.save({ keepalive: true })));
    addEventListener("pagehide", () => this.#everyDraft((draft) => draft.dirty && draft.save({ keepalive: true })));
    this.#saveBeforeForms();
    this.#tidy();
    this.#sendLeftOvers(urls);
  }

  #everyDraft(run) {
    for (const draft of this.drafts.values()) run(draft);
  }

  #keyOf(task) {
    return `draft/${this.person}/${task}/${this.tab}`;
  }

  // --- Pages come and go -----------------------------------------------------------------------------------------

  #open(data) {
    const { desk, server, device } = this;
    const before = this.drafts.get(data.task.id);
    const given = this.given.get(data.task.id);
    this.given.delete(data.task.id);
    this.draft = new Draft({
      data, server, device, key: this.#keyOf(data.task.id), read: () => desk.text, show: (draft) => this.#shown(draft),
      extra: () => ({ caret: desk.view.state.selection.main.head, note: document.getElementById("note")?.value, checked: desk.checked?.() }),
    });
    this.drafts.set(data.task.id, this.draft);
    this.#shown(this.draft);
    if (data.conflict || data.error) this.#refused();
    if (given) this.#takeUp(given, false);
    else if (before?.dirty) this.#goOnWith(before);
    else this.#restore(this.draft);
  }

  // The plain form sent this text, and the server did not take it.
  #refused() {
    this.draft.savedText = undefined;
    this.draft.save();
  }

  // The page was on the desk before, and its text is not saved yet.
  #goOnWith(before) {
    before.close();
    this.#takeUp({ text: before.read(), version: before.version, base: before.base, sent: before.pending?.text, ...before.extra() }, false);
  }

  #leave() {
    const { draft } = this;
    draft.leave();
    if (!draft.closed) draft.save().then(() => this.#forget(draft));
  }

  /** A page is handed in: its text is kept elsewhere now. */
  done(draft) {
    this.device.remove(draft.key);
    if (this.drafts.get(draft.task) === draft) this.drafts.delete(draft.task);
  }

  /** A page that was to be handed in is to be worked on again: its text waits for it to be opened. */
  async giveBack({ task, text, version, base, sent }) {
    const copy = { text, version, base, sent, at: Date.now() };
    this.given.set(task, copy);
    await this.device.put(this.#keyOf(task), copy);
  }

  /** The page on the desk was to be handed in and is not: it saves itself again. */
  takeUpAgain() {
    this.given.delete(this.draft.task);
    this.draft.closed = false;
    this.drafts.set(this.draft.task, this.draft);
    return this.draft.save();
  }

  #forget(draft) {
    if (draft !== this.draft && !draft.dirty && this.drafts.get(draft.task) === draft) this.drafts.delete(draft.task);
  }

  // --- What this device kept of the page ---------------------------------------------------------------------------

  async #restore(draft) {
    const found = await this.device.list(`draft/${this.person}/${draft.task}/`);
    const copies = found.filter(([key]) => key !== draft.key).sort((a, b) => b[1].at - a[1].at);
    if (this.draft !== draft || !copies.length) return;
    const [[, newest], ...older] = copies;
    if (!sameText(newest.text, draft.base)) await this.#putBack(draft, newest);
    for (const [, copy] of older) if (!sameText(copy.text, draft.base) && !sameText(copy.text, newest.text)) await this.layAside(copy.text, draft.task);
    await draft.toDevice();
    for (const [key] of copies) this.device.remove(key);
  }

  // Texts of other pages that never reached the server. What it does not take as a draft it keeps beside the page.
  async #sendLeftOvers({ draft: url }) {
    for (const [key, copy] of await this.device.list(`draft/${this.person}/`)) {
      const task = Number(key.split("/")[2]);
      if (copy.refused || this.drafts.has(task) || Date.now() - copy.at < LEFT_OVER_AFTER) continue;
      const { status, body } = await this.server.call("PUT", url.replace(/\d+(?=\/draft$)/, task), { text: copy.text, version: copy.version });
      if (status === 200 || (status === 409 && sameText(body.current?.text, copy.text))) this.device.remove(key);
      else if (status >= 402 && status < 429) this.device.put(key, { ...copy, refused: true });
    }
  }

  async #putBack(draft, copy) {
    if (!draft.dirty) return this.#takeUp(copy, true);
    const stretches = compare(copy.base ?? draft.base, this.desk.text, copy.text);
    if (!conflictsIn(stretches)) return this.desk.editor.replaceAll(merged(stretches));
    await this.layAside(copy.text);
    return this.#offer(copy.text, say("kept"));
  }

  // Put a kept text in place. One that is older than what the server has meets it in the conflict view.
  #takeUp({ text, version, base, sent, caret, note, checked }, told) {
    const { desk, draft } = this;
    const saved = draft.data.task.text;
    desk.editor.replaceAll(text);
    if (caret <= desk.text.length) desk.view.dispatch({ selection: { anchor: caret } });
    if (note) document.getElementById("note")?.replaceChildren(note);
    desk.emit("restore", { checked });
    const isOwn = [base, sent].some((known) => sameText(known, saved));
    const isOlder = version < draft.version && !isOwn;
    if (isOlder || version > draft.version) Object.assign(draft, { version, base, savedText: base });
    if (isOlder) draft.save();
    else if (told) {
      showToast(say("restored"), { label: say("use-saved"), run: () => this.#replace(saved) });
    }
  }

  // --- Texts laid aside ---------------------------------------------------------------------------------------------

  /** Keep a text on this device that was not chosen. */
  async layAside(text, task = this.draft.task) {
    const prefix = `aside/${this.person}/${task}/`;
    await this.device.put(`${prefix}${Date.now()}`, { text, at: Date.now() });
    const all = (await this.device.list(prefix)).sort((a, b) => b[1].at - a[1].at);
    for (const [key] of all.slice(LAID_ASIDE_MOST)) this.device.remove(key);
  }

  /** Put the text laid aside last in place of what stands there. */
  async bringBack() {
    const all = await this.device.list(`aside/${this.person}/${this.draft.task}/`);
    const [last] = all.map(([, { text, at }]) => ({ text, at })).filter(({ text }) => text !== this.desk.text).sort((a, b) => b.at - a.at);
    if (last) this.#replace(last.text);
    else showToast(say("nothing-aside"));
  }

  #offer(text, words) {
    showToast(words, { label: say("bring-back"), run: () => this.#replace(text) });
  }

  async #replace(text) {
    await this.layAside(this.desk.text);
    this.desk.editor.replaceAll(text);
    this.desk.editor.focus();
  }

  async #tidy() {
    const oldest = Date.now() - LAID_ASIDE_DAYS * 24 * 3600 * 1000;
    for (const [key, { at }] of await this.device.list("aside/")) if (at < oldest) this.device.remove(key);
  }

  // --- What waits for a person --------------------------------------------------------------------------------------

  /** Sign in over the desk, then save what waited; resolves to whether one is signed in. */
  async signIn() {
    const signedIn = await signInAgain(this.server);
    if (signedIn) {
      this.desk.editor.focus(); // the button that asked is gone
      this.#everyDraft((draft) => draft.state === "signed-out" && draft.save());
      this.desk.emit("signed-in");
    }
    return signedIn;
  }

  /** Compare the text on the desk with the one that stands, and go on with what is chosen. */
  async seeBoth() {
    const { desk, draft } = this;
    const { current, words } = draft.told;
    const [mine, inHand] = [desk.text, draft.state === "conflict"];
    const { choice, text } = await askWhich({ base: draft.base, mine, other: current.text ?? mine, by: current.by, words: inHand ? say("conflict-words") : `${words} ${say("lost-words")}`, inHand });
    if (choice === "next") desk.emit("next-page");
    if (!inHand || !choice) return;
    const aside = choice === "mine" ? current.text : mine;
    await this.layAside(aside);
    desk.editor.replaceAll(text);
    desk.editor.focus();
    await draft.settle(current);
    if (aside !== text) this.#offer(aside, say("aside-kept"));
  }

  // --- What is shown ------------------------------------------------------------------------------------------------

  async saveNow() {
    if (await this.draft.saveAll()) this.desk.announce(say("saved"));
  }

  #shown(draft) {
    if (draft === this.draft) this.#showState(draft);
    else if (draft.stopped) showToast(say("elsewhere", { label: draft.data.page.label }), { label: say("see-both"), run: () => this.desk.emit("go", draft.task) });
    this.desk.emit("state", draft);
  }

  #showState({ state, kept, told = {} }) {
    const words = state === "offline" && !kept ? say("offline-unkept") : told.other ? say("someone-else", { name: told.other, person: this.person }) : say(state);
    if (told.altered) tell("altered", told.altered);
    const shown = this.line.querySelector(".save-words");
    if (this.line.dataset.state === state && shown.textContent === words) return;
    this.line.dataset.state = state;
    this.line.title = told.words ?? "";
    this.line.querySelector(".icon").replaceWith(iconOf(ICONS[state]));
    shown.textContent = words;
    this.#showAct({ "signed-out": "sign-in", conflict: "see-both", lost: "see-both" }[state]);
    untell("lost");
    if (state === "lost") tell("lost", told.words, { icon: "circle-alert", isError: true, actions: [{ label: say("next-page"), run: () => this.desk.emit("next-page") }] });
  }

  #showAct(command) {
    const button = this.line.querySelector(".save-act");
    button.hidden = !command;
    button.dataset.command = command ?? "";
    button.textContent = command ? say(command) : "";
  }

  // Forms that give the page away send it without its text: it is saved first.
  #saveBeforeForms() {
    for (const form of document.querySelectorAll("form[data-save-first]")) {
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        await this.draft.saveAll();
        form.submit();
      });
    }
  }
}
