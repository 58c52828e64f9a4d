// The practice page: four tasks, each ended by doing it, judged at once. Without this file its forms do the same by loading.
import { say } from "../desk/words.js";
import { handsIn, TabKey, taps, tell } from "./keys.js";
import { placeWords } from "./place-words.js";

const FIRST = 1, LAST = 4;
const main = document.getElementById("practice");
const tab = new TabKey();
let task = Number(main.dataset.task);

const part = (name, number = task) => main.querySelector(`[data-${name}="${number}"]`);
const field = () => part("word")?.querySelector("input");

// --- Judging -----------------------------------------------------------------------------------------------------

function answer(word) {
  const peek = part("peek");
  if (word.trim() === peek.dataset.printed) pass();
  else refuse(peek, word.trim());
}

function refuse(peek, word) {
  const { printed, read } = peek.dataset;
  const compare = peek.querySelector("[data-compare]");
  const why = compare.querySelector("[data-why]").textContent;
  const shape = compare.querySelector("[data-answer]");
  shape.textContent = word;
  // A long answer is squeezed into its picture.
  if (word.length > printed.length + 2) shape.setAttribute("textLength", peek.querySelector("svg").viewBox.baseVal.width - 24);
  else shape.removeAttribute("textLength");
  compare.querySelector("[data-heard]").textContent = word;
  compare.hidden = false;
  // A mended misprint is put back as it is printed; a try at a misread word stays, to go on from.
  if (read === printed) field().value = printed;
  else field().value = word;
  tell(say("wrong", { printed, answer: word, why }));
  settle();
}

function pass() {
  const word = part("word");
  if (word) {
    const plain = word.querySelector("[data-plain]");
    plain.textContent = part("peek").dataset.printed;
    plain.classList.add("is-right");
  }
  task += 1;
  show();
  const card = part("card");
  tell(say("right", { next: `${card.querySelector("h2").textContent}. ${card.querySelector("h2 + p").textContent}` }));
}

// --- Showing -----------------------------------------------------------------------------------------------------

function show() {
  main.dataset.task = task;
  for (let number = FIRST; number <= LAST; number++) {
    const isNow = number === task;
    part("card", number).hidden = !isNow;
    part("line", number)?.classList.toggle("is-current", isNow && number !== LAST);
    for (const name of ["peek", "ring"]) part(name, number)?.toggleAttribute("hidden", !isNow);
    part("word", number)?.querySelector("input").toggleAttribute("hidden", !isNow);
    part("word", number)?.querySelector("[data-plain]").toggleAttribute("hidden", isNow);
  }
  settle();
}

/** Put words under words, the line in view, and the focus where the answer is typed; a tap opens the keyboard, not we. */
function settle() {
  if (field()) widen(field());
  placeWords(main);
  part("line")?.scrollIntoView({ block: "nearest" });
  if (taps || !field()) {
    main.focus({ preventScroll: true });
    return;
  }
  field().focus({ preventScroll: true });
  field().select();
}

// --- Events ------------------------------------------------------------------------------------------------------

function goOn() {
  if (task === FIRST) pass();
  else answer(field().value);
}

main.addEventListener("keydown", (event) => {
  if (handsIn(event)) {
    event.preventDefault();
    if (task === LAST) location.assign(main.dataset.next);
    else tell(say("first", { task: part("card").querySelector("h2").textContent }));
  } else if (event.altKey && event.code === "Digit1" && field()) {
    event.preventDefault();
    answer(part("peek").querySelector(".reading").value);
  } else if (event.key === "Enter" && event.target === field()) {
    event.preventDefault();
    goOn();
  } else if (task !== LAST && !event.shiftKey && tab.takes(event)) {
    event.preventDefault();
    goOn();
  }
});

main.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.right) {
    event.preventDefault();
    pass();
  } else if (button?.name === "choice") {
    event.preventDefault();
    answer(button.value);
  }
});

const widen = (typed) => (typed.style.width = `calc(${Math.max(typed.value.length, 2)}ch + 10px)`);
main.addEventListener("input", (event) => widen(event.target));

let width = 0;
new ResizeObserver(() => {
  if (innerWidth !== width) placeWords(main);
  width = innerWidth;
}).observe(main);
document.fonts.ready.then(settle);
