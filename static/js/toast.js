// What was just done, said once, with its way back where there is one.

const SECONDS = 8;
const PASSED = "galley.toast";

/** Close what is shown after eight seconds, unless the pointer or the focus rests on it; show what the last page left to say. */
export function closeToasts() {
  showPassed();
  for (const toast of document.querySelectorAll(".toast")) closeLater(toast);
}

/** Show `words` as the only toast; `action` is an optional `{label, run}`. One that `stays` has a button that closes it. */
export function showToast(words, action, { stays = false } = {}) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.append(Object.assign(document.createElement("span"), { textContent: words }));
  const place = document.getElementById("toasts");
  if (action) toast.append(button(action.label, toast, action.run));
  if (stays) toast.append(button(place.dataset.close, toast));
  place.replaceChildren(toast);
  if (!stays) closeLater(toast);
}

/** Leave `words` for the page that comes next; `action` is an optional `{label, post}`, an address to post to. */
export function passToast(words, action) {
  try {
    sessionStorage.setItem(PASSED, JSON.stringify({ words, action }));
  } catch {
    // The page that comes says nothing.
  }
}

function showPassed() {
  let passed;
  try {
    passed = JSON.parse(sessionStorage.getItem(PASSED));
    sessionStorage.removeItem(PASSED);
  } catch {
    return;
  }
  if (passed) showToast(passed.words, passed.action && { label: passed.action.label, run: () => post(passed.action.post) });
}

// A form as the page's own are: with its token.
function post(address) {
  const form = Object.assign(document.createElement("form"), { method: "post", action: address, hidden: true });
  form.append(document.querySelector("input[name=csrf_token]").cloneNode());
  document.body.append(form);
  form.submit();
}

function button(label, toast, run) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: label });
  made.addEventListener("click", () => {
    toast.remove();
    run?.();
  });
  return made;
}

function closeLater(toast) {
  setTimeout(() => (toast.matches(":hover, :focus-within") ? closeLater(toast) : toast.remove()), SECONDS * 1000);
}
