// Calls to the server that keep the session's CSRF token, and renew it when one has signed in again elsewhere.

const token = document.querySelector("meta[name=csrf-token]");

/** PUT `body` as JSON with an idempotency key. Returns `{status, body}`; status 0 means that nothing answered. */
export async function put(url, body, { key, keepalive = false } = {}) {
  const first = await send(url, body, key, keepalive);
  if (first.status !== 400 || keepalive || !(await renewToken())) return first;
  return send(url, body, key, false);
}

async function send(url, body, key, keepalive) {
  try {
    const response = await fetch(url, {
      method: "PUT", keepalive, credentials: "same-origin", redirect: "error",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token.content, "Idempotency-Key": key },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json().catch(() => ({})), retryAfter: Number(response.headers.get("Retry-After")) || 0 };
  } catch {
    return { status: 0, body: {}, retryAfter: 0 };
  }
}

async function renewToken() {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const fresh = page.querySelector("meta[name=csrf-token]")?.content;
    if (!fresh || fresh === token.content) return false;
    token.content = fresh;
    for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = fresh;
    return true;
  } catch {
    return false;
  }
}

/** A new key for one request and its repetitions. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
