// What was used last, the latest first; kept in this browser.

/** A list of names under `key`, at most `most` long. */
export class Recent {
  constructor(key, most) {
    Object.assign(this, { key: `galley.recent.${key}`, most });
  }

  get list() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key));
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }

  add(name) {
    const list = [name, ...this.list.filter((each) => each !== name)].slice(0, this.most);
    try {
      localStorage.setItem(this.key, JSON.stringify(list));
    } catch {
      // Not remembered, then.
    }
  }
}
