// Pages that are done, on their way to the server. What can't be sent now is kept on this device, also when the tab is closed.
import { sameText } from "./merge.js";
import { newKey } from "./server.js";

const FIRST_RETRY = 2000;
const LAST_RETRY = 60000;

/**
 * An entry: `{task, label, project, urls, text, version, base, sent, note, key, at}`.
 * `sent(entry)`, `waits(entry, answer)` and `refused(entry, answer)` are told what became of one.
 */
export class Outbox {
  constructor({ server, device, sent, waits, refused }) {
    Object.assign(this, { server, device, sent, waits, refused, entries: new Map(), retry: FIRST_RETRY });
    this.prefix = `outbox/${server.person}/`;
    this.turn = this.#load();
    addEventListener("online", () => this.flush());
  }

  async #load() {
    for (const [, entry] of await this.device.list(this.prefix)) this.entries.set(entry.task, entry);
  }

  has(task) {
    return this.entries.has(task);
  }

  /** Keep a page, then hand it in; resolves to whether the server has it. */
  async add(entry) {
    const kept = { ...entry, key: newKey(), at: Date.now() };
    this.entries.set(kept.task, kept);
    await this.device.put(this.prefix + kept.task, kept);
    return this.#inTurn(() => this.#send(kept));
  }

  /** Take a page back that has not arrived yet; resolves to its entry, or to nothing where the server has it. */
  async take(task) {
    return this.#inTurn(() => {
      const entry = this.entries.get(task);
      if (entry) this.#drop(entry);
      return entry;
    });
  }

  /** Try again whatever waits. */
  flush() {
    clearTimeout(this.timer);
    return this.#inTurn(async () => {
      for (const entry of this.entries.values()) if (!(await this.#send(entry))) break;
    });
  }

  #inTurn(act) {
    const turn = this.turn.then(act);
    this.turn = turn.catch(() => undefined);
    return turn;
  }

  #drop(entry) {
    this.entries.delete(entry.task);
    return this.device.remove(this.prefix + entry.task);
  }

  async #send(entry) {
    if (this.entries.get(entry.task) !== entry) return true; // taken back meanwhile
    const answer = await this.server.call("POST", entry.urls.done, { text: entry.text, version: entry.version, note: entry.note }, { key: entry.key });
    if (answer.status === 200) {
      this.retry = FIRST_RETRY;
      await this.#drop(entry);
      this.sent(entry, answer.body);
      return true;
    }
    if (isHeldUp(answer.status)) return this.#wait(entry, answer);
    if (answer.status === 409 && catchUp(entry, answer.body.current)) return this.#send(entry);
    await this.#drop(entry);
    this.refused(entry, answer);
    return false;
  }

  #wait(entry, answer) {
    this.waits(entry, answer);
    clearTimeout(this.timer);
    if (answer.status !== 401) this.timer = setTimeout(() => this.flush(), Math.max(this.retry, answer.retryAfter * 1000));
    this.retry = Math.min(this.retry * 2, LAST_RETRY);
    return false;
  }
}

const isHeldUp = (status) => [0, 401, 408, 429].includes(status) || status >= 500;

// The last draft arrived, though its answer did not: go on from there.
function catchUp(entry, { state, version, text } = {}) {
  if (state !== "out" || version === entry.version || ![entry.text, entry.sent].some((known) => sameText(known, text))) return false;
  Object.assign(entry, { version, key: newKey() });
  return true;
}
