// The next page, fetched and its picture decoded while the hands are still at this one.
import { decodedImage } from "./scan.js";

/** The address of another task's sheet. */
export const sheetOf = (urls, task) => urls.sheet.replace(/\d+(?=\/sheet$)/, task);

export class Ahead {
  constructor(server) {
    this.server = server;
  }

  /** Fetch the page to come after the one in `data`; `skipped(task)` tells which are done already. Refusals leave nothing ready. */
  async look(data, skipped) {
    if (this.#fits(data, skipped)) return;
    this.ready = undefined;
    const task = (await this.inHand(data, skipped)) ?? (await this.#checkOut(data, true)).task;
    if (task === undefined) return;
    const sheet = await this.sheet(data.urls, task);
    if (sheet.status !== 200) return;
    this.ready = { data: sheet.body, image: await decodedImage(sheet.body.urls.image) };
  }

  /** The page that is ready to follow this one, or undefined; it is given once. */
  take(data, skipped) {
    const ready = this.#fits(data, skipped) ? this.ready : undefined;
    this.ready = undefined;
    return ready;
  }

  /** Whether what was fetched was lent for too short: somebody else may have it by now. */
  get isStale() {
    return Boolean(this.ready) && hasLapsed(this.ready.data);
  }

  /** What was fetched no longer follows. */
  forget() {
    this.ready = undefined;
  }

  /** The page after this one, now: `{data}`, or `{refusal}`, an answer of the server. */
  async next(data, skipped) {
    const held = await this.inHand(data, skipped);
    const { task = held, refusal } = held === undefined ? await this.#checkOut(data, false) : {};
    if (task === undefined) return { refusal };
    const sheet = await this.sheet(data.urls, task);
    return sheet.status === 200 ? { data: sheet.body } : { refusal: sheet };
  }

  sheet(urls, task) {
    return this.server.get(sheetOf(urls, task));
  }

  /** Every page in hand, by book and number: `[{task, project, page}]`. */
  async held({ urls }) {
    const { status, body } = await this.server.get(urls.me);
    if (status !== 200) return [];
    return body.held.sort((a, b) => (a.project === b.project ? a.page - b.page : a.project < b.project ? -1 : 1));
  }

  /** The task of another page of this book that is in hand: the one behind this, else the first. */
  async inHand(data, skipped) {
    const others = (await this.held(data)).filter(({ task, project }) => project === data.project.slug && task !== data.task.id && !skipped(task));
    return (others.find(({ page }) => page > data.page.number) ?? others[0])?.task;
  }

  async #checkOut({ urls }, prefetch) {
    const answer = await this.server.call("POST", urls.check_out, { prefetch });
    return answer.status === 201 ? { task: answer.body.id } : { refusal: answer };
  }

  #fits(data, skipped) {
    if (!this.ready) return false;
    const { task, project } = this.ready.data;
    return task.id !== data.task.id && project.slug === data.project.slug && !skipped(task.id) && !this.isStale;
  }
}

const hasLapsed = ({ task }) => new Date(task.expires_at) <= Date.now();
