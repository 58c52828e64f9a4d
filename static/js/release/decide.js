// Answers without a new page: the item goes, and the focus is on the next one.

async function isTaken(form, value) {
  const body = new FormData(form);
  body.set("value", value);
  const response = await fetch(form.action, { method: "POST", body, redirect: "manual" });
  return response.type === "opaqueredirect";
}

async function answer(form, button) {
  const item = form.closest("[data-item]");
  item.inert = true;
  try {
    if (await isTaken(form, button.value)) {
      goOn(item);
      return;
    }
  } catch {
    // The form is sent as it would be without scripts, so that the page says what is wrong.
  }
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "value", value: button.value }));
  form.submit();
}

function goOn(item) {
  const next = item.nextElementSibling ?? item.previousElementSibling;
  if (!next) {
    location.reload();
    return;
  }
  const count = item.closest("section").querySelector("[data-count]");
  count.textContent = String(Number(count.textContent) - 1);
  item.remove();
  next.querySelector("[data-key]")?.focus();
}

document.addEventListener("submit", (event) => {
  if (!event.submitter?.dataset.key) return;
  event.preventDefault();
  answer(event.target, event.submitter);
});
