// What this device keeps: it outlives the tab, the session and the net. IndexedDB, or localStorage where that is refused.

const BASE = "galley.desk";
const ENTRIES = "entries";
const LAST = "\uffff"; // behind every key that begins alike

export class Device {
  constructor() {
    this.base = openBase();
  }

  /** Keep a value that JSON can hold; resolves to whether it is kept. */
  async put(key, value) {
    try {
      await this.#run("readwrite", (entries) => entries.put(value, key));
      return true;
    } catch {
      return storeLocally(key, value);
    }
  }

  async remove(key) {
    removeLocally(key);
    await this.#run("readwrite", (entries) => entries.delete(key)).catch(() => undefined);
  }

  /** Every `[key, value]` whose key begins with `prefix`. */
  async list(prefix) {
    const range = () => IDBKeyRange.bound(prefix, prefix + LAST);
    try {
      const [keys, values] = await this.#run("readonly", (entries) => [entries.getAllKeys(range()), entries.getAll(range())]);
      return [...keys.map((key, i) => [key, values[i]]), ...listLocally(prefix)];
    } catch {
      return listLocally(prefix);
    }
  }

  // `commit` at once: a page that is about to go has no time for a further event.
  async #run(mode, act) {
    const base = await this.base;
    const transaction = base.transaction(ENTRIES, mode);
    const requests = [act(transaction.objectStore(ENTRIES))].flat();
    transaction.commit?.();
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    return requests.map(({ result }) => result);
  }
}

function openBase() {
  const opened = new Promise((resolve, reject) => {
    const request = indexedDB.open(BASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(ENTRIES);
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error);
  });
  opened.catch(() => undefined); // every use of it answers for itself
  return opened;
}

// --- localStorage, for browsers that refuse the other ------------------------------------------------------------

const LOCAL = "galley.kept/";

function storeLocally(key, value) {
  try {
    localStorage.setItem(LOCAL + key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

function removeLocally(key) {
  try {
    localStorage.removeItem(LOCAL + key);
  } catch {
    // Nothing was stored, so nothing is left.
  }
}

function listLocally(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(LOCAL + prefix)).map((key) => [key.slice(LOCAL.length), JSON.parse(localStorage.getItem(key))]);
  } catch {
    return [];
  }
}
