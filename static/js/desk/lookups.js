// Small questions to the server while one works. An answer is welcome and never waited for: without one, nothing is said.

const token = document.querySelector("meta[name=csrf-token]");

/** Ask; POST when there is something to send. Resolves to `{ok, body}`; `body` is undefined where nothing answered. */
export async function ask(url, send) {
  const options = send && { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token.content }, body: JSON.stringify(send) };
  try {
    const response = await fetch(url, { credentials: "same-origin", redirect: "error", ...options });
    return { ok: response.ok, body: await response.json() };
  } catch {
    return { ok: false };
  }
}
