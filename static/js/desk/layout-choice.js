// Which layout, and how large the print is; remembered for each kind of device.
import { say } from "./words.js";

const NARROW = matchMedia("(max-width: 760px)");

export function addLayouts(desk) {
  const { sheet, settings } = desk;
  const usual = () => (NARROW.matches ? "interlinear" : "facing");
  const choose = (layout) => {
    settings.set("layout", layout);
    show();
  };
  const show = () => {
    const layout = settings.get("layout", usual());
    sheet.choose(layout);
    for (const button of document.querySelectorAll("[data-command^='layout-']")) button.setAttribute("aria-pressed", button.dataset.command === `layout-${layout}`);
    document.querySelector("[data-zoom-tools]").hidden = layout === "text";
    showZoom();
  };
  const enlarge = (step) => {
    sheet.enlarge(step);
    settings.set("zoom", sheet.zoom === 1 ? null : sheet.zoom);
    showZoom();
  };
  const showZoom = () => {
    const button = document.querySelector("[data-command='scan-fit']");
    button.textContent = sheet.zoom === 1 ? say("fit") : new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(sheet.zoom);
  };
  desk.commands.add(
    ...["facing", "interlinear", "stacked", "text"].map((layout) => ({ id: `layout-${layout}`, name: say(`layout-${layout}`), group: "view", run: () => choose(layout) })),
    { id: "scan-larger", name: say("scan-larger"), group: "view", keys: ["Alt-+", "Alt-=", "Ctrl-+"], run: () => enlarge(1) },
    { id: "scan-smaller", name: say("scan-smaller"), group: "view", keys: ["Alt--", "Ctrl--"], run: () => enlarge(-1) },
    { id: "scan-fit", name: say("scan-fit"), group: "view", keys: ["Alt-0", "Ctrl-0"], run: () => enlarge(0) },
  );
  desk.on("start", () => {
    sheet.zoom = settings.get("zoom", 1);
    show();
    NARROW.addEventListener("change", show);
  });
}
