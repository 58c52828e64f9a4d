// What was typed into the half page, kept on this device until it is handed in. One at a time: a newcomer has one.

const KEY = "galley.try";

export class DeviceCopy {
  constructor(page) {
    this.page = page;
  }

  /** The lines kept of this page, or null. */
  read() {
    try {
      const { page, lines } = JSON.parse(localStorage.getItem(KEY)) ?? {};
      return page === this.page ? lines : null;
    } catch {
      return null;
    }
  }

  /** Keep these lines; whether that was possible. */
  write(lines) {
    try {
      localStorage.setItem(KEY, JSON.stringify({ page: this.page, lines }));
      return true;
    } catch {
      return false;
    }
  }

  static forget() {
    try {
      localStorage.removeItem(KEY);
    } catch {
      // Nothing was kept.
    }
  }
}
