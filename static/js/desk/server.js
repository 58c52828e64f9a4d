// Calls to the server, as one person: the session's CSRF token goes with each, and nothing is ever sent in another person's name.

const token = document.querySelector("meta[name=csrf-token]");
const KEEPALIVE_BYTES = 60_000; // browsers refuse keepalive bodies over 64 KB

/** What a call came to: `status` 0 means that nothing answered, 401 with `other` that somebody else is signed in now. */
const answer = (status, body = {}, rest = {}) => ({ status, body, retryAfter: 0, ...rest });

export class Server {
  /** `person` is the name of who works here; `session` the address that says who is signed in. */
  constructor(person, session) {
    Object.assign(this, { person, session });
  }

  get(url) {
    return send(url, { method: "GET" });
  }

  /** Send `body` as JSON; `key` makes repetitions harmless; `keepalive` lets the request outlive the page. */
  async call(method, url, body = {}, { key, keepalive = false } = {}) {
    const first = await send(url, request(method, body, key, keepalive));
    if (first.status !== 400) return first;
    return (await this.#refused()) ?? send(url, request(method, body, key, keepalive));
  }

  // The token no longer fits: somebody has signed in since. Only the same person's token is taken over.
  async #refused() {
    const { status, body } = await this.who();
    if (status !== 200) return answer(0);
    if (!body.name) return answer(401);
    if (body.name !== this.person) return answer(401, {}, { other: body.name });
    if (body.csrf_token === token.content) return answer(400);
    takeToken(body.csrf_token);
    return undefined;
  }

  /** Who is signed in now: `{name, csrf_token}`. */
  who() {
    return this.get(this.session);
  }
}

/** From now on calls and forms carry this CSRF token. */
export function takeToken(fresh) {
  token.content = fresh;
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = fresh;
}

/** A new key for one request and its repetitions. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function request(method, given, key, keepalive) {
  const body = JSON.stringify(given);
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token.content };
  if (key) headers["Idempotency-Key"] = key;
  return { method, body, headers, keepalive: keepalive && new Blob([body]).size < KEEPALIVE_BYTES };
}

async function send(url, { headers, ...rest }) {
  try {
    const response = await fetch(url, { ...rest, headers: { Accept: "application/json", ...headers }, credentials: "same-origin", redirect: "error" });
    const body = await response.json().catch(() => ({}));
    return answer(response.status, body, { retryAfter: Number(response.headers.get("Retry-After")) || 0 });
  } catch {
    return answer(0);
  }
}
