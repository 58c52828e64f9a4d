// What a person chose for their desk: kept by the server with their account, and in this browser for when it is offline.

const NARROW = matchMedia("(max-width: 760px)");
const SEND_AFTER = 800; // ms after the last choice

const served = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export class Settings {
  /** `chosen` as the API gives it: `{wide, narrow, books}`; `send(change)` sends a part of it and resolves to whether it was taken. */
  constructor(person, chosen, send) {
    this.key = `galley.desk.${person}`;
    this.send = send;
    this.waiting = this.#read("waiting");
    this.chosen = merged(chosen, this.waiting);
    this.listeners = [];
    if (Object.keys(this.waiting).length) this.#sendLater();
  }

  /** The kind of device: choices are made for each. */
  get device() {
    return NARROW.matches ? "narrow" : "wide";
  }

  get(name, otherwise) {
    return this.chosen[this.device]?.[served(name)] ?? otherwise;
  }

  /** Choose; null is as usual. */
  set(name, value) {
    this.#choose({ [this.device]: { [served(name)]: value } });
    for (const run of this.listeners) run(name, value);
  }

  /** How the scans of one book are looked at. */
  ofBook(slug, name, otherwise) {
    return this.chosen.books?.[slug]?.[name] ?? otherwise;
  }

  setOfBook(slug, changes) {
    this.#choose({ books: { [slug]: changes } });
  }

  onChange(run) {
    this.listeners.push(run);
  }

  #choose(change) {
    this.chosen = merged(this.chosen, change);
    this.waiting = merged(this.waiting, change);
    this.#keep("waiting", this.waiting);
    this.#sendLater();
  }

  #sendLater() {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const sent = this.waiting;
      if ((await this.send(sent)) && this.waiting === sent) {
        this.waiting = {};
        this.#keep("waiting", this.waiting);
      }
    }, SEND_AFTER);
  }

  #read(name) {
    try {
      return JSON.parse(localStorage.getItem(`${this.key}.${name}`)) ?? {};
    } catch {
      return {};
    }
  }

  #keep(name, value) {
    try {
      localStorage.setItem(`${this.key}.${name}`, JSON.stringify(value));
    } catch {
      // Kept for this page only.
    }
  }
}

// Objects within objects, laid over each other.
function merged(below, above) {
  const result = { ...below };
  for (const [name, value] of Object.entries(above ?? {})) {
    result[name] = value !== null && typeof value === "object" && !Array.isArray(value) ? merged(result[name], value) : value;
  }
  return result;
}
