// What stands around the text of a page: title, round, forms, and what is to be known of it. The server wrote it for the first page.
import { iconOf, tell, untellAll } from "./messages.js";
import { say } from "./words.js";

const one = (id) => document.getElementById(id);
const site = document.title.split(" · ").at(-1);

/** Show another page's head; `from` is the page before it. */
export function showHead(data, from) {
  const { page, project, task, urls } = data;
  document.title = `${say("page-title", { label: page.label, title: project.title })} · ${site}`;
  document.querySelector(".desk-title h1").textContent = project.title;
  one("page-name").textContent = say("page-name", { label: page.label });
  one("round-name").textContent = task.round_name;
  showLease(data);
  for (const link of document.querySelectorAll(`.desk-bar a[href="${from.urls.project}"]`)) link.href = urls.project;
  for (const form of document.querySelectorAll("form[action]")) form.action = form.getAttribute("action").replace(`${from.urls.page}/`, `${urls.page}/`);
  if (one("note")) one("note").value = data.note;
  untellAll();
  if (page.ocr_failed) tell("ocr-failed", say("ocr-failed"));
  if (data.left_behind) one("desk-messages").append(leftBehind(data.left_behind));
}

/** Say how long the page is in hand. */
export function showLease({ task }) {
  const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long" }).format(new Date(task.expires_at));
  one("yours-until").textContent = say("yours-until", { day });
}

function leftBehind({ by, text }) {
  const details = Object.assign(document.createElement("details"), { className: "desk-message" });
  const summary = Object.assign(document.createElement("summary"), { textContent: say("left-behind", { person: by }) });
  summary.prepend(iconOf("info"));
  details.append(summary, Object.assign(document.createElement("pre"), { className: "page-text", textContent: text }));
  return details;
}
