// A word by tap: on phones and where fingers point, the peek is a sheet at the foot, and no keyboard opens until it is asked for.
import { EditorView } from "../codemirror.js";
import { wordAround } from "./doubtful-words.js";

const BY_TAP = matchMedia("(max-width: 760px), (pointer: coarse)");

export function addPhoneSheet(desk) {
  const sheet = new PhoneSheet(desk);
  desk.on("start", () => sheet.start());
}

class PhoneSheet {
  constructor(desk) {
    Object.assign(this, { desk, isTyping: false, nav: document.getElementById("doubt-nav") });
    desk.extend(EditorView.contentAttributes.of(() => (BY_TAP.matches && !this.isTyping ? { inputmode: "none" } : {})));
  }

  start() {
    const { desk, nav } = this;
    this.place = Object.assign(document.createElement("span"), { hidden: true }); // where the counter stands on wide screens
    nav.before(this.place);
    BY_TAP.addEventListener("change", () => this.#dock());
    this.#dock();
    desk.sheet.root.addEventListener("click", (event) => BY_TAP.matches && !event.target.closest("#peek") && this.#tapped(event));
    desk.view.contentDOM.addEventListener("focusout", () => this.isTyping && queueMicrotask(() => this.#setTyping(false)));
    const { field } = desk.peek;
    field.addEventListener("input", () => field.value.trim() && this.#write());
    field.addEventListener("change", () => !field.value.trim() && desk.peek.isOpen && this.#write());
    field.addEventListener("keydown", (event) => event.key === "Enter" && !event.isComposing && this.#next(event));
  }

  #dock() {
    const { desk, nav } = this;
    desk.peek.close();
    desk.peek.isDocked = BY_TAP.matches;
    if (BY_TAP.matches) {
      const foot = document.querySelector(".desk-foot");
      foot.before(desk.peek.part);
      foot.prepend(nav);
    } else this.place.after(nav);
    if (desk.data) desk.view.dispatch({});
  }

  // The first tap on a word shows it; a second one is for the caret, and the keyboard.
  #tapped(event) {
    if (this.isTyping) return;
    const { view, peek, sheet } = this.desk;
    const word = this.#wordUnder(event);
    if (!word) peek.close();
    else if (peek.range?.from === word.from && event.target.closest(".cm-line")) this.#type();
    else {
      view.dispatch({ selection: { anchor: word.from } });
      peek.show(word);
      sheet.follow(true);
    }
  }

  #wordUnder(event) {
    const { view, doubt } = this.desk;
    const isText = event.target.closest(".cm-line") && !event.target.closest(".strip");
    const at = isText ? view.posAtCoords({ x: event.clientX, y: event.clientY }) : view.state.selection.main.head;
    return at === null ? undefined : (doubt.at(at) ?? wordAround(view.state, at));
  }

  #type() {
    const { view, peek } = this.desk;
    peek.close();
    view.contentDOM.blur(); // so that focusing it anew opens the keyboard
    this.#setTyping(true);
    view.focus();
  }

  #setTyping(isTyping) {
    this.isTyping = isTyping;
    this.desk.view.dispatch({});
  }

  #write() {
    this.desk.peek.replace(this.desk.peek.field.value.trim(), "input.type");
  }

  #next(event) {
    event.preventDefault();
    this.desk.doubt.goOn();
  }
}
