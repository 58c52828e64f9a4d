// Saving one page by itself: to this device at once, to the server when the hands rest; one request at a time; nothing is ever asked.
import { sameText } from "./merge.js";
import { newKey } from "./server.js";

const DEVICE_AFTER = 300; // ms after a change
const SERVER_IDLE = 2000;
const SERVER_AT_MOST = 15000;
const SHOW_SAVING_AFTER = 600;
const FIRST_RETRY = 2000;
const LAST_RETRY = 60000;
const HELD_UP = new Set([0, 408, 429]); // and every 5xx: worth another try

/** States: "saved", "saving", "offline", "busy" (tried again), "signed-out", "conflict", "lost" (no longer in hand), "refused". */
export class Draft {
  /**
   * `data` is the page as the server gave it, `server` and `device` where it is kept, `key` its name on the device, `read` gives the
   * text as it stands, `extra` what is kept on the device besides, `show(draft)` is called when the state changes.
   */
  constructor({ data, server, device, key, read, extra, show }) {
    Object.assign(this, { data, server, device, key, read, extra, show });
    this.task = data.task.id;
    this.version = data.task.version;
    this.savedText = data.task.text; // as it was sent
    this.base = data.task.text; // as the server stores it
    this.retry = FIRST_RETRY;
    this.state = "saved";
    this.kept = true;
  }

  get dirty() {
    return this.read() !== this.savedText;
  }

  /** Whether saving waits for a person. */
  get stopped() {
    return this.state === "conflict" || this.state === "lost";
  }

  /** The text changed. */
  changed() {
    clearTimeout(this.deviceTimer);
    this.deviceTimer = setTimeout(() => this.toDevice(), DEVICE_AFTER);
    clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => this.save(), SERVER_IDLE);
    this.mostTimer ??= setTimeout(() => this.save(), SERVER_AT_MOST);
  }

  /** The page goes from the desk; its text goes on being saved. */
  leave() {
    const [text, extra] = [this.read(), this.extra()];
    this.read = () => text;
    this.extra = () => extra;
    this.toDevice();
  }

  /** Save until the server has the text as it stands; resolves to whether it has. */
  async saveAll() {
    while (await this.save()) if (!this.dirty) return true;
    return false;
  }

  /** Save now; resolves to whether the server took the text. `keepalive` where the page is about to go. */
  async save({ keepalive = false } = {}) {
    this.#stopTimers();
    while (this.running) await this.running;
    if (this.stopped || this.closed) return false;
    if (!this.dirty) {
      this.#saved();
      return true;
    }
    this.running = this.#send(keepalive);
    const saved = await this.running;
    this.running = undefined;
    return saved;
  }

  /** Somebody else sees to this page now: the request under way ends, none follows. */
  async close() {
    this.closed = true;
    this.#stopTimers();
    clearTimeout(this.deviceTimer);
    await this.running;
  }

  async #send(keepalive) {
    const text = this.read();
    if (this.pending?.text !== text || this.pending.version !== this.version) this.pending = { text, version: this.version, key: newKey() };
    this.toDevice();
    const slow = setTimeout(() => this.set("saving"), SHOW_SAVING_AFTER);
    const answer = await this.server.call("PUT", this.data.urls.draft, { text, version: this.version }, { key: this.pending.key, keepalive });
    clearTimeout(slow);
    return this.#heard(text, answer);
  }

  async #heard(text, answer) {
    const { status, body } = answer;
    if (status === 200) {
      this.#took(text, body);
      return true;
    }
    if (status === 401) this.set("signed-out", { other: answer.other });
    else if (status === 409) return this.#conflict(text, body);
    else if (HELD_UP.has(status) || status >= 500) this.#again(answer);
    else this.set(status === 422 || status === 413 ? "refused" : "lost", { words: body.detail, current: {} });
    return false;
  }

  // Letters that no page can hold are gone from what is stored: that is told. Blanks at the ends of lines are not worth a word.
  #took(text, { version, text: stored, changed = [] }) {
    Object.assign(this, { version, base: stored, savedText: text, pending: undefined, earlier: undefined, retry: FIRST_RETRY });
    if (!this.dirty) this.#saved(sameText(text, stored) ? {} : { altered: changed.join(" ") });
  }

  #saved(told) {
    clearTimeout(this.deviceTimer);
    this.device.remove(this.key);
    this.set("saved", told);
  }

  // An answer that got lost on its way looks like somebody else's save; what stands there tells.
  async #conflict(text, { current = {}, detail }) {
    const moved = current.version !== undefined && current.version !== this.version;
    if (moved && sameText(current.text, text)) {
      this.#took(text, current);
      return true;
    }
    if (moved && this.earlier !== undefined && sameText(current.text, this.earlier)) {
      Object.assign(this, { version: current.version, base: current.text, earlier: undefined });
      this.#soon(0);
      return false;
    }
    const inHand = moved && (await this.server.get(this.data.urls.sheet)).status === 200;
    this.set(inHand ? "conflict" : "lost", { words: detail, current });
    return false;
  }

  #again({ status, body, retryAfter }) {
    this.earlier = this.pending.text;
    this.set(status === 0 ? "offline" : "busy", { words: body.detail });
    this.#soon(Math.max(this.retry, retryAfter * 1000));
    this.retry = Math.min(this.retry * 2, LAST_RETRY);
  }

  #soon(delay) {
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.save(), delay);
  }

  #stopTimers() {
    clearTimeout(this.idleTimer);
    clearTimeout(this.mostTimer);
    clearTimeout(this.retryTimer);
    this.mostTimer = undefined;
  }

  /** A conflict is settled: go on from the server's `version`, whose text is `text`. */
  settle({ version, text }) {
    Object.assign(this, { version, base: text, savedText: text, state: "saving", pending: undefined, earlier: undefined });
    return this.save();
  }

  /** Keep what the server does not have on this device. */
  async toDevice() {
    clearTimeout(this.deviceTimer);
    if (!this.dirty) return;
    const { version, base, earlier } = this;
    this.kept = await this.device.put(this.key, { text: this.read(), version, base, sent: this.pending?.text ?? earlier, at: Date.now(), ...this.extra() });
  }

  /** `told` goes with the state: `words` to show, `current` as the server has it, `other` who is signed in. */
  set(state, told = {}) {
    this.state = state;
    this.told = told;
    this.show(this);
  }
}
