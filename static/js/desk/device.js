// The copy of a page's text on this device. It outlives the tab, the session and the net; it ends when the server has the text.

export class DeviceCopy {
  constructor(person, task) {
    this.key = `galley.draft.${person}.${task}`;
    this.keptKey = `galley.kept.${person}.${task}`;
  }

  /** `{text, version, at}` or null. */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  write(text, version) {
    return store(this.key, JSON.stringify({ text, version, at: Date.now() }));
  }

  clear() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was stored, so nothing is left.
    }
  }

  /** Lay a text aside that was not chosen. */
  keep(text) {
    return store(this.keptKey, text);
  }
}

function store(key, value) {
  try {
    localStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}
