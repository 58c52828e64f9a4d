// Marking the pictures of a page: rectangles on the scan and their fields are one thing each.

import { between, isLarge } from "./box.js";
import { Fields } from "./fields.js";
import { follow, Mark } from "./mark.js";

const form = document.querySelector("[data-marking]");
if (form?.querySelector("[data-keep]")) begin();

function begin() {
  const words = JSON.parse(form.dataset.words);
  const page = { width: Number(form.dataset.width), height: Number(form.dataset.height) };
  const [stage, marks, list] = ["stage", "marks", "pictures"].map((name) => form.querySelector(`[data-${name}]`));
  const blank = form.querySelector("template[data-new]");
  const said = form.querySelector("[data-said]");
  const pictures = [];
  let changed = false;

  const say = (name, values) => words[name].replace(/\{(\w+)\}/g, (_, place) => values[place]);

  function pointAt(event) {
    const area = marks.getBoundingClientRect();
    return { x: ((event.clientX - area.left) / area.width) * page.width, y: ((event.clientY - area.top) / area.height) * page.height };
  }

  function tie(element) {
    const fields = new Fields(element, page);
    const picture = { fields };
    picture.mark = new Mark(page, pointAt, {
      changed: (box) => place(picture, box),
      taken: () => takeOut(picture),
      chosen: () => choose(picture),
    });
    element.addEventListener("focusin", () => choose(picture));
    element.addEventListener("input", (event) => {
      changed = true;
      if (event.target.dataset.side && fields.box) place(picture, fields.box, { typed: true });
    });
    element.querySelector("[data-drop-picture]").addEventListener("click", (event) => {
      event.preventDefault();
      takeOut(picture);
    });
    pictures.push(picture);
    marks.append(picture.mark.element);
    picture.mark.element.hidden = !fields.box;
    if (fields.box) picture.mark.box = fields.box;
    return picture;
  }

  function place(picture, box, { typed = false } = {}) {
    changed = true;
    picture.mark.element.hidden = false;
    picture.mark.box = box;
    if (typed) picture.fields.showCrop();
    else picture.fields.box = box;
    count();
  }

  function choose(picture) {
    for (const each of pictures) each.mark.current = each.fields.current = each === picture;
  }

  function count() {
    pictures.forEach(({ mark, fields }, at) => {
      fields.name(say("picture", { number: at + 1 }));
      mark.name(at + 1, say("mark", { number: at + 1, ...(mark.box ?? {}) }));
    });
  }

  function takeOut(picture) {
    const at = pictures.indexOf(picture);
    changed = true;
    said.textContent = say("out", { number: at + 1 });
    pictures.splice(at, 1);
    picture.mark.element.remove();
    picture.fields.element.remove();
    count();
    const next = pictures[at] ?? pictures[at - 1];
    (next?.mark.element ?? form.querySelector("[data-add]")).focus({ preventScroll: true });
  }

  function add(box) {
    form.querySelector("[data-none]")?.remove();
    const key = `new${pictures.length}-${Date.now()}`;
    const holder = document.createElement("template");
    holder.innerHTML = blank.innerHTML.replaceAll("NEW", key);
    const element = holder.content.firstElementChild;
    element.querySelector("details").open = false;
    list.append(element);
    const picture = tie(element);
    place(picture, box);
    return picture;
  }

  for (const element of list.querySelectorAll("[data-picture]")) tie(element);
  // The fields that serve without scripts would be one more picture.
  for (const element of form.querySelectorAll(".needs-no-js")) element.remove();
  count();

  form.querySelector("[data-add]").addEventListener("click", () => {
    const at = pictures.length % 5;
    const [left, top] = [page.width * (0.25 + 0.04 * at), page.height * (0.3 + 0.04 * at)];
    const box = between({ x: left, y: top }, { x: left + page.width / 2, y: top + page.height / 4 }, page);
    add(box).mark.element.focus();
  });

  // Fingers scroll on the scan; they add a picture by the button and drag it then.
  stage.addEventListener("pointerdown", (event) => {
    if (event.button > 0 || event.pointerType === "touch") return;
    event.preventDefault();
    const from = pointAt(event);
    let picture;
    const draw = (next) => {
      const box = between(from, pointAt(next), page);
      if (!isLarge(box)) return;
      if (picture) place(picture, box);
      else picture = add(box);
      choose(picture);
    };
    follow(stage, event, draw, () => picture?.mark.element.focus({ preventScroll: true }));
  });

  form.addEventListener("submit", () => {
    changed = false;
  });
  addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
  form.dataset.ready = "";
}
