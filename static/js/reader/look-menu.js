// The menu "Type and light": size, length of lines, face, theme, all kept on this device.
const SIZES = ["1", "2", "3", "4", "5", "6", "7"];
const USUAL = { size: "3", width: "medium", face: "serif" };
const root = document.documentElement;

function keep(name, value) {
  try {
    if (name === "theme") {
      if (value) localStorage.setItem("galley.theme", value);
      else localStorage.removeItem("galley.theme");
      return;
    }
    const look = JSON.parse(localStorage.getItem("galley.reading") ?? "{}");
    localStorage.setItem("galley.reading", JSON.stringify({ ...look, [name]: value }));
  } catch {
    // Not remembered, still changed.
  }
}

const chosen = (name) => root.dataset[name] ?? USUAL[name] ?? "";

function show(menu) {
  for (const button of menu.querySelectorAll("[data-look]")) {
    button.setAttribute("aria-pressed", String(chosen(button.dataset.look) === button.value));
  }
  const at = SIZES.indexOf(chosen("size"));
  menu.querySelector("[data-size-shown]").textContent = `${at + 1} / ${SIZES.length}`;
  for (const button of menu.querySelectorAll("[data-size-step]")) {
    button.setAttribute("aria-disabled", String(!SIZES[at + Number(button.dataset.sizeStep)]));
  }
}

/** Makes the menu work; `hold` runs a change of the look and keeps the reader's line where it was. */
export function lookMenu(menu, hold) {
  const choose = (name, value) => {
    hold(() => {
      if (value) root.dataset[name] = value;
      else delete root.dataset[name];
    });
    keep(name, value);
    show(menu);
  };
  menu.addEventListener("click", (event) => {
    const way = event.target.closest("[data-look]");
    if (way) choose(way.dataset.look, way.value);
    const step = event.target.closest("[data-size-step]");
    const size = step && SIZES[SIZES.indexOf(chosen("size")) + Number(step.dataset.sizeStep)];
    if (size) choose("size", size);
  });
  show(menu);
}
