const SECONDS = 8;

/** Close what is shown after eight seconds, unless the pointer or the focus rests on it. */
export function closeToasts() {
  for (const toast of document.querySelectorAll(".toast")) closeLater(toast);
}

/** Show `words` as the only toast; `action` is an optional `{label, run}`. */
export function showToast(words, action) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.append(Object.assign(document.createElement("span"), { textContent: words }));
  if (action) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: action.label });
    button.addEventListener("click", () => {
      toast.remove();
      action.run();
    });
    toast.append(button);
  }
  document.getElementById("toasts").replaceChildren(toast);
  closeLater(toast);
}

function closeLater(toast) {
  setTimeout(() => (toast.matches(":hover, :focus-within") ? closeLater(toast) : toast.remove()), SECONDS * 1000);
}
