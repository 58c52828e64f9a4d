// What a person chose for their desk. Kept in this browser; `later` features read and write it by name.

const NARROW = matchMedia("(max-width: 760px)");

export class Settings {
  constructor() {
    this.listeners = [];
  }

  /** The kind of device: layouts and sizes are chosen for each. */
  get device() {
    return NARROW.matches ? "narrow" : "wide";
  }

  get(name, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(`galley.desk.${name}`)) ?? otherwise;
    } catch {
      return otherwise;
    }
  }

  set(name, value) {
    try {
      localStorage.setItem(`galley.desk.${name}`, JSON.stringify(value));
    } catch {
      // Kept for this page only.
    }
    for (const run of this.listeners) run(name, value);
  }

  onChange(run) {
    this.listeners.push(run);
  }
}
