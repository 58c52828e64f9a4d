/** Let files be dropped on every `[data-drop]`: they go into its file field and are listed under it. */
export function dropAreas() {
  for (const area of document.querySelectorAll("[data-drop]")) {
    const field = area.querySelector("input[type=file]");
    const list = document.getElementById(area.dataset.drop);
    for (const type of ["dragenter", "dragover"]) area.addEventListener(type, (event) => over(event, true));
    for (const type of ["dragleave", "drop"]) area.addEventListener(type, (event) => over(event, false));
    area.addEventListener("drop", (event) => {
      field.files = event.dataTransfer.files;
      show(field, list);
    });
    field.addEventListener("change", () => show(field, list));
  }
}

function over(event, inside) {
  event.preventDefault();
  event.currentTarget.classList.toggle("is-over", inside);
}

function show(field, list) {
  const size = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  list.replaceChildren(
    ...[...field.files].map((file) => {
      const item = document.createElement("li");
      item.append(file.name, Object.assign(document.createElement("span"), { className: "muted num", textContent: `${size.format(file.size / 1e6)} MB` }));
      return item;
    }),
  );
}
