// What the palette can find, and how well it fits what is asked for.
import { shownChord } from "./commands.js";
import { shortName } from "./characters.js";
import { ask } from "./lookups.js";
import { say } from "./words.js";

const [EXACT, INITIALS, BEGINS, INSIDE] = [8, 7, 4, 1];
const RECENT = 2;
const NUMBER = /^[\divxlc]+$/i;

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const wordsOf = (text) => folded(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/** Those of `entries` that every word of `asked` fits, best first; without words all of them. An entry: `{id, name, run, words?, keys?, char?}`. */
export function matching(entries, asked, recent) {
  const words = wordsOf(asked);
  const age = (entry) => (recent.includes(entry.id) ? recent.indexOf(entry.id) : recent.length);
  return entries
    .map((entry) => ({ entry, score: scoreOf(entry, words) + (recent.includes(entry.id) ? RECENT : 0) }))
    .filter(({ score }) => score >= (words.length ? INSIDE : 0))
    .sort((a, b) => b.score - a.score || age(a.entry) - age(b.entry))
    .map(({ entry }) => entry);
}

function scoreOf({ name, words: more = "" }, asked) {
  const own = wordsOf(name);
  const all = [...own, ...wordsOf(more)];
  const initials = own.map(([first]) => first).join("");
  const scores = asked.map((word) => scoreOfWord(word, all, initials));
  return scores.includes(0) ? -Infinity : scores.reduce((a, b) => a + b, 0);
}

function scoreOfWord(word, all, initials) {
  if (all.includes(word)) return EXACT;
  if (word.length > 1 && initials === word) return INITIALS;
  if (all.some((each) => each.startsWith(word))) return BEGINS;
  return (word.length > 2 && all.some((each) => each.includes(word))) || (word.length > 1 && initials.startsWith(word)) ? INSIDE : 0;
}

/** Everything that can be done now. */
export function commandEntries({ commands }) {
  return commands.list
    .filter(({ name, hidden, id, when }) => name && !hidden && id !== "palette" && when?.() !== false)
    .map((command) => {
      const [chord] = commands.chords(command);
      return { id: command.id, name: command.name, keys: chord && shownChord(chord), isOn: command.isOn?.(), run: () => commands.run(command.id) };
    });
}

/** The characters of the book. */
export const characterEntries = (desk) => desk.characters.known.map((each) => characterEntry(desk, each));

function characterEntry(desk, { char, name }) {
  return { id: `char:${char}`, char, name: shortName(name), words: name, run: () => desk.characters.insert(char) };
}

/** Any characters that Unicode calls so; asks the server. */
export async function findCharacters(desk, asked) {
  if (wordsOf(asked).join("").length < 2 || NUMBER.test(asked)) return [];
  const { ok, body } = await ask(`${desk.data.urls.find_characters}?named=${encodeURIComponent(asked)}`);
  return ok ? body.items.map((each) => characterEntry(desk, each)) : [];
}

/** Pages of the book by their printed number, or that of their scan. */
export class Pages {
  async find({ data }, asked) {
    const number = asked.trim();
    if (!NUMBER.test(number)) return [];
    const { urls, project } = data;
    if (this.slug !== project.slug) await this.#load(project.slug, urls);
    const labelled = this.list.filter(({ label }) => label.toLowerCase() === number.toLowerCase());
    const scanned = this.list.filter((page) => String(page.number) === number && !labelled.includes(page));
    return [...labelled.map((page) => this.#entry(page, say("palette-page", { label: page.label }), urls)), ...scanned.map((page) => this.#entry(page, say("palette-scan", page), urls))];
  }

  #entry({ number }, name, urls) {
    const mine = this.held.get(number);
    const address = mine ? urls.page.replace(/\d+$/, mine) : urls.public.replace(/\d+$/, number);
    return { id: `page:${number}`, name, note: mine && say("palette-mine"), run: () => location.assign(address) };
  }

  async #load(slug, urls) {
    const list = [];
    let next = "";
    do {
      const { ok, body } = await ask(`${urls.pages}?limit=200${next && `&cursor=${next}`}`);
      list.push(...(ok ? body.items : []));
      next = ok && body.next;
    } while (next);
    const { ok, body } = await ask(urls.me);
    const held = ok ? body.held.filter(({ project }) => project === slug).map(({ page, task }) => [page, task]) : [];
    Object.assign(this, { slug: list.length ? slug : undefined, list, held: new Map(held) });
  }
}
