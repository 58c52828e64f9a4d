// Saving by itself: to this device at once, to the server when the hands rest; one request at a time; nothing is ever asked.
import { newKey, put } from "./server.js";

const DEVICE_AFTER = 300; // ms after a change
const SERVER_IDLE = 2000;
const SERVER_AT_MOST = 15000;
const SHOW_SAVING_AFTER = 600;
const FIRST_RETRY = 2000;
const LAST_RETRY = 60000;

/** States shown: "saved", "saving", "offline", "signed-out", "conflict", "refused". */
export class Draft {
  constructor({ url, version, text, device, read, show, onConflict }) {
    Object.assign(this, { url, version, device, read, show, onConflict });
    this.savedText = text;
    this.retry = FIRST_RETRY;
    this.running = undefined;
    addEventListener("online", () => this.save());
    addEventListener("focus", () => this.state === "signed-out" && this.save());
    document.addEventListener("visibilitychange", () => document.hidden && this.#leave());
    addEventListener("pagehide", () => this.#leave());
  }

  get dirty() {
    return this.read() !== this.savedText;
  }

  /** The text changed. */
  changed() {
    clearTimeout(this.deviceTimer);
    this.deviceTimer = setTimeout(() => this.#toDevice(), DEVICE_AFTER);
    clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => this.save(), SERVER_IDLE);
    this.mostTimer ??= setTimeout(() => this.save(), SERVER_AT_MOST);
  }

  /** Save until the server has the text as it stands; resolves to whether it has. */
  async saveAll() {
    while (await this.save()) if (!this.dirty) return true;
    return false;
  }

  /** Save now; resolves to whether the server took the text. */
  async save() {
    clearTimeout(this.idleTimer);
    clearTimeout(this.mostTimer);
    clearTimeout(this.retryTimer);
    this.mostTimer = undefined;
    while (this.running) await this.running;
    if (this.state === "conflict") return false;
    if (!this.dirty) {
      this.#set("saved");
      return true;
    }
    this.running = this.#send();
    const saved = await this.running;
    this.running = undefined;
    return saved;
  }

  async #send() {
    const text = this.read();
    this.#toDevice();
    const slow = setTimeout(() => this.#set("saving"), SHOW_SAVING_AFTER);
    if (this.pending?.text !== text || this.pending.version !== this.version) this.pending = { text, version: this.version, key: newKey() };
    const answer = await put(this.url, { text, version: this.version }, { key: this.pending.key });
    clearTimeout(slow);
    return this.#heard(text, answer);
  }

  #heard(text, { status, body, retryAfter }) {
    if (status === 200) {
      this.version = body.version;
      this.savedText = text;
      this.retry = FIRST_RETRY;
      if (!this.dirty) this.device.clear();
      this.#set("saved");
      return true;
    }
    if (status === 401) this.#set("signed-out");
    else if (status === 409) {
      this.#set("conflict", body.detail);
      this.onConflict(body.current ?? {}, body.detail);
    } else if (status >= 400 && status < 500 && status !== 408 && status !== 429) this.#set("refused", body.detail);
    else {
      this.#set(status === 0 ? "offline" : "refused", body.detail);
      this.#again(retryAfter * 1000);
    }
    return false;
  }

  #again(atLeast) {
    this.retryTimer = setTimeout(() => this.save(), Math.max(this.retry, atLeast));
    this.retry = Math.min(this.retry * 2, LAST_RETRY);
  }

  /** A conflict is settled: go on from `version` with the text as it now stands. */
  settle(version, savedText) {
    this.version = version;
    this.savedText = savedText;
    this.state = undefined;
    return this.save();
  }

  #toDevice() {
    clearTimeout(this.deviceTimer);
    if (this.dirty) this.device.write(this.read(), this.version);
  }

  #leave() {
    this.#toDevice();
    if (!this.dirty || this.running || this.state === "conflict") return;
    const text = this.read();
    this.pending = { text, version: this.version, key: newKey() };
    this.running = put(this.url, { text, version: this.version }, { key: this.pending.key, keepalive: true }).then((answer) => {
      this.running = undefined;
      return this.#heard(text, answer);
    });
  }

  #set(state, detail) {
    this.state = state;
    this.show(state, detail);
  }
}
