// Saving: one request for all that was typed, each cell told what became of it. What is doubtful is asked about once.
import { filled } from "../../../ui/js/text.js";
import { isJson } from "./store.js";

export class Saving {
  constructor(store, words, ask) {
    Object.assign(this, { store, words, ask });
    this.isBusy = false;
    this.isWanted = false;
    this.unanswered = { sent: "", key: "" };
  }

  /** Save what was typed. `isQuiet`: each change at once, and only what was not answered yet. `round`: put it on one. */
  async save({ isQuiet = false, meant = null, round = false } = {}) {
    const { store } = this;
    if (this.isBusy) {
      this.isWanted = true;
      return { said: "" };
    }
    const waiting = [...store.staged.values()].filter((one) => !isQuiet || (!one.fault && (!one.told || meant?.has(one))));
    const unread = waiting.find((one) => one.fault);
    if (unread) return { said: this.words.mend, tone: "bad", at: unread };
    if (!waiting.length) return { said: "" };
    for (const one of waiting) if (meant?.has(one)) one.isMeant = true;
    this.isBusy = true;
    store.tell("saving");
    try {
      const answer = await this.send(waiting, round ? store.boot.round : store.boot.save);
      return answer.url ? this.gone(waiting, answer.url) : await this.answered(waiting, answer);
    } catch {
      return { said: this.words.offline, tone: "bad" };
    } finally {
      this.isBusy = false;
      store.tell("saving");
      if (this.isWanted) {
        this.isWanted = false;
        store.tell("again");
      }
    }
  }

  /** What was typed stands on a round now: go there. */
  gone(waiting, url) {
    const { store } = this;
    for (const one of waiting) store.staged.delete(store.key(one.code, one.column));
    store.keep();
    location.assign(url);
    return { said: "" };
  }

  /** The answer, or what to say where there is none: signed out meanwhile, or a page instead of one. */
  async send(waiting, address) {
    const { store } = this;
    const cells = waiting.map((one) => {
      const { list, step } = store.columns[one.column];
      return [list.code, one.code, step.unit, step.from, one.text, one.before, one.isMeant];
    });
    const day = store.boot.day;
    const key = this.keyOf(JSON.stringify([address, day, cells]));
    const answer = await fetch(address, {
      method: "POST",
      body: JSON.stringify({ day, key, cells }),
      headers: { "Content-Type": "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) },
      redirect: "manual",
    });
    if (answer.status < 500) this.unanswered = { sent: "", key: "" };
    if (answer.type === "opaqueredirect" || answer.status === 401) return { told: this.words.expired };
    return isJson(answer) ? answer.json() : { told: filled(this.words.broken, { status: answer.status }) };
  }

  /** The key to send this under: the same again while nobody has answered it, a new one for all else. */
  keyOf(sent) {
    if (this.unanswered.sent !== sent) this.unanswered = { sent, key: crypto.randomUUID().replaceAll("-", "") };
    return this.unanswered.key;
  }

  async answered(waiting, answer) {
    const { store, words } = this;
    if (answer.told && !answer.cells) return { said: answer.told, tone: "bad" };
    const told = new Map(answer.cells.map(([line, ...rest]) => [line, rest]));
    const doubts = [];
    let saved = 0;
    let isFelt = false; // elsewhere: where lists are derived from this one, or held against it
    waiting.forEach((one, line) => {
      const row = store.byCode.get(one.code);
      const key = store.key(one.code, one.column);
      const now = store.staged.get(key);
      if (!told.has(line)) {
        saved += 1;
        const amount = answer.amounts[line];
        const { list } = store.columns[one.column];
        isFelt ||= list.feeds || list.kind === "FLOOR" || Boolean(row && store.base(row, one.column).isDerived);
        if (row) store.setBase(row, one.column, amount);
        if (row) (row.saved ??= new Set()).add(one.column);
        if (now === one) store.staged.delete(key);
        else if (now) now.before = amount;
        return;
      }
      const [became, said, theirs] = told.get(line);
      const named = row ? said.replaceAll(one.code, row.name) : said;
      one.told = { became, words: named || (became === "held" ? words.held : "") };
      if (became === "overtaken") {
        one.before = theirs;
        if (row) store.setBase(row, one.column, theirs);
      }
      if (became === "doubt") doubts.push(one);
    });
    store.keep();
    store.changed([]);
    const done = saved === 1 ? words.savedOne : filled(words.saved, { n: saved });
    if (isFelt) store.tell("felt");
    if (!told.size) return { said: done, tone: "good" };
    if (doubts.length) {
      this.ask(doubts, saved, answer.houses);
      return { said: saved ? done : "" };
    }
    const first = waiting.find((_one, line) => told.has(line) && told.get(line)[0] !== "held");
    const not = filled(words.notSaved, { n: told.size });
    return { said: saved ? `${done} ${not}` : not, tone: "bad", at: first };
  }
}
