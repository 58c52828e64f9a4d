// Signing in again over the desk: the page stays, and so does what was typed.
import { takeToken } from "./server.js";
import { say } from "./words.js";

/** Ask for the password; resolves to whether this desk's person is signed in. */
export function signInAgain(server) {
  const dialog = document.getElementById("sign-in-again");
  const form = dialog.querySelector("form");
  const fault = form.querySelector("[data-fault]");
  form.reset();
  form.elements.name.value = server.person;
  fault.hidden = true;
  const refuse = (words) => {
    fault.lastElementChild.textContent = words;
    fault.hidden = false;
    form.elements.password.select();
  };
  return new Promise((resolve) => {
    let signedIn = false;
    form.onsubmit = async (event) => {
      if (event.submitter?.value === "close") return;
      event.preventDefault();
      const words = await trySignIn(server, form.elements.name.value, form.elements.password.value);
      if (words) return refuse(words);
      signedIn = true;
      dialog.close();
    };
    dialog.addEventListener("close", () => resolve(signedIn), { once: true });
    dialog.showModal();
    form.elements.password.focus();
  });
}

// Resolves to what went wrong, or to nothing. What is on this desk is one person's: nobody else signs in here.
async function trySignIn(server, typed, password) {
  const name = typed.trim().toLowerCase();
  if (name !== server.person.toLowerCase()) return say("not-yours", { name: typed.trim(), person: server.person });
  const before = await server.who();
  if (before.status === 200) takeToken(before.body.csrf_token);
  const { status, body } = await server.call("POST", server.session, { name, password });
  if (status !== 200) return status === 0 ? say("no-answer") : body.detail;
  takeToken(body.csrf_token);
  return undefined;
}
