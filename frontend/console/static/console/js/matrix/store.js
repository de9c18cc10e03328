// What the matrix knows: lists, steps, rows in blocks, what was typed and not yet saved, and how to take it back.
import { plain, read } from "./figures.js";

const BLOCK = 50;
const MOST = 500;

export class Store extends EventTarget {
  constructor(boot) {
    super();
    this.boot = boot;
    this.lists = boot.lists;
    this.steps = boot.steps;
    this.columns = boot.lists.flatMap((list, at) => boot.steps.map((step) => ({ list, at, step })));
    this.width = boot.shown * boot.steps.length;
    this.byCode = new Map();
    this.staged = new Map();
    this.undone = [];
    this.done = [];
    this.query = { q: "", line: "", only: "" };
    this.changedOnly = null;
    this.marked = null; // the codes of all rows with the mark that is asked for, once they are known
    this.elsewhere = []; // typed into lists and steps that are not shown now
    this.total = 0;
    this.forget();
    if (boot.first) this.take(boot.first);
    else this.fetched.total = null;
  }

  /** Another question: the order of rows is unknown again; what is known of each row stays. */
  forget() {
    this.order = [];
    this.asked = new Set();
    this.fetched = { generation: (this.fetched?.generation ?? 0) + 1, total: null };
  }

  ask(query) {
    Object.assign(this.query, query);
    this.changedOnly = this.marked = null;
    this.forget();
    return this.ensure(0, BLOCK);
  }

  /** Only rows with something typed in them. */
  showChanged(on) {
    this.changedOnly = on ? [...new Set([...this.staged.values()].map((one) => one.code))] : null;
    this.forget();
    if (on) this.total = this.changedOnly.length;
    return this.ensure(0, BLOCK);
  }

  take(block) {
    block.rows.forEach(([code, name, spec, state, cells, floors], index) => {
      const row = this.byCode.get(code) ?? { code };
      Object.assign(row, { name, spec, state, cells, floors });
      this.byCode.set(code, row);
      this.order[block.from + index] = row;
      this.asked.add(block.from + index);
    });
    if (block.codes) this.marked = block.codes;
    this.total = this.named ? this.named.length : block.total || (block.from ? this.total : 0);
    this.fetched.total = this.total;
    this.tell("rows");
  }

  row(index) {
    return this.order[index];
  }

  /** The codes of the rows, where they are known already: with changes, or with the mark. */
  get named() {
    return this.changedOnly ?? this.marked;
  }

  /** Fetch what is missing of these rows; resolves when they are there. */
  async ensure(from, to) {
    const waits = [];
    const last = this.fetched.total === null ? to : Math.min(to, this.total);
    for (let first = from - (from % BLOCK); first < last; first += BLOCK) {
      if (!this.isMissing(first, Math.min(first + BLOCK, last))) continue;
      let count = BLOCK;
      while (count < MOST && !this.named && first + count < last && this.isMissing(first + count, Math.min(first + count + BLOCK, last))) count += BLOCK;
      waits.push(this.fetchRows(first, count));
      first += count - BLOCK;
    }
    if (this.loading) waits.push(...this.loading);
    await Promise.all(waits);
  }

  isMissing(from, to) {
    for (let index = from; index < to; index += 1) if (!this.asked.has(index)) return true;
    return false;
  }

  /** Read rows again that are on the screen: another tab may have saved meanwhile. */
  refresh(from, to) {
    for (let index = from; index < to; index += 1) this.asked.delete(index);
    return this.ensure(from, to);
  }

  fetchRows(from, count) {
    const generation = this.fetched.generation;
    for (let index = from; index < from + count; index += 1) this.asked.add(index);
    const wait = this.fetchBlock(from, count).then(
      (block) => {
        if (generation === this.fetched.generation) this.take({ ...block, from });
      },
      (fault) => {
        if (generation !== this.fetched.generation) return;
        for (let index = from; index < from + count; index += 1) this.asked.delete(index);
        this.tell(fault.message === "expired" ? "expired" : "failed");
      },
    );
    this.loading = (this.loading ?? new Set()).add(wait);
    return wait.finally(() => this.loading.delete(wait));
  }

  async fetchBlock(from, count) {
    const query = new URLSearchParams();
    for (const list of this.lists) query.append("list", list.code);
    for (const step of this.steps) query.append("step", step.key);
    if (this.boot.day) query.set("at", this.boot.day);
    if (this.named) query.set("skus", this.named.slice(from, from + count).join(","));
    else {
      for (const [name, value] of Object.entries(this.query)) if (value) query.set(name, value);
      query.set("offset", from);
    }
    query.set("count", count);
    const answer = await fetch(`${this.boot.block}?${query}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || !isJson(answer)) throw new Error(answer.redirected ? "expired" : String(answer.status));
    return answer.json();
  }

  /** What the server says of a cell. */
  base(row, column) {
    const cell = row.cells[column];
    if (Array.isArray(cell)) return { amount: cell[0], note: cell[1], isDerived: cell[2] === 1, isSold: true };
    return { amount: cell === false ? null : cell, note: "", isDerived: false, isSold: cell !== false };
  }

  setBase(row, column, amount) {
    const cell = row.cells[column];
    row.cells[column] = Array.isArray(cell) ? [amount, cell[1], 0] : amount;
  }

  key(code, column) {
    const { list, step } = this.columns[column];
    return `${list.code}\t${step.key}\t${code}`;
  }

  typed(row, column) {
    return this.staged.get(this.key(row.code, column));
  }

  /** The amount a cell has or would have; undefined where what was typed is no price. */
  amount(row, column) {
    const typed = this.typed(row, column);
    if (typed) return typed.fault ? undefined : typed.amount;
    const cell = row.cells[column];
    return Array.isArray(cell) ? cell[0] : cell || null;
  }

  /** What a cell says, as it is edited and copied. */
  text(row, column) {
    const typed = this.typed(row, column);
    if (typed) return typed.text;
    return plain(this.base(row, column).amount, this.columns[column].list.digits);
  }

  /** Whether a cell may be typed into; a derived product first needs to be made the list's own. */
  canEdit(row, column) {
    return this.mayEdit(row, column) && !this.isGuarded(row, column);
  }

  mayEdit(row, column) {
    return this.boot.edit && this.columns[column].list.edit && row.cells[column] !== false;
  }

  /** One own price takes the place of all that is derived for the product: nobody does that by a paste. */
  isGuarded(row, column) {
    const { at } = this.columns[column];
    const first = at * this.steps.length;
    if (row.own?.has(at)) return false;
    return this.steps.some((_step, place) => Array.isArray(row.cells[first + place]) && row.cells[first + place][2] === 1);
  }

  /** From now on the list may have prices of its own for the product. */
  makeOwn(row, column) {
    (row.own ??= new Set()).add(this.columns[column].at);
  }

  /** Type into cells: `[{row, column, text, fault}]`. One step of undo, however many they are. */
  edit(changes) {
    const step = [];
    for (const { row, column, text, fault = "" } of changes) {
      if (!this.canEdit(row, column)) continue;
      const before = this.typed(row, column);
      const from = { text: this.text(row, column), fault: before?.fault === "merged" ? "merged" : "" };
      if (from.text === text && from.fault === fault) continue;
      step.push({ code: row.code, column, from, to: { text, fault } });
      this.stage(row, column, text, fault);
    }
    if (step.length) {
      this.done.push(step);
      this.undone = [];
      this.changed(step);
    }
    return step.length;
  }

  stage(row, column, text, fault) {
    const { list, step } = this.columns[column];
    const found = fault ? { fault } : read(text, list, step.unit);
    const base = this.base(row, column);
    const key = this.key(row.code, column);
    if (!found.fault && found.amount === base.amount) this.staged.delete(key);
    else {
      this.staged.set(key, {
        code: row.code,
        column,
        text: found.fault ? text : plain(found.amount, list.digits),
        amount: found.fault ? null : found.amount,
        fault: found.fault ?? "",
        before: base.isDerived ? null : base.amount,
        told: null,
        isMeant: false,
      });
    }
  }

  undo() {
    return this.again(this.done, this.undone, "from");
  }

  redo() {
    return this.again(this.undone, this.done, "to");
  }

  again(stack, other, side) {
    const step = stack.pop();
    if (!step) return null;
    for (const one of step) {
      const row = this.byCode.get(one.code);
      if (row) this.stage(row, one.column, one[side].text, one[side].fault);
    }
    other.push(step);
    this.changed(step);
    return step;
  }

  changed(step) {
    this.keep();
    this.dispatchEvent(new CustomEvent("changed", { detail: step }));
  }

  tell(what) {
    this.dispatchEvent(new CustomEvent(what));
  }

  /** What was typed survives a reload of this tab. */
  keep() {
    const rows = [...this.staged.values()].map((one) => {
      const { list, step } = this.columns[one.column];
      return [one.code, list.code, step.key, one.text, one.before, one.fault === "merged" ? "merged" : ""];
    });
    rows.push(...this.elsewhere);
    if (rows.length) sessionStorage.setItem(this.draft, JSON.stringify(rows));
    else sessionStorage.removeItem(this.draft);
  }

  get drafts() {
    return `matrix:${this.boot.seat}:`;
  }

  get draft() {
    return this.drafts + this.boot.day;
  }

  /** What was typed for other days, as `[[day, how many]]`; the day is empty for now. */
  otherDays() {
    const keys = Object.keys(sessionStorage).filter((key) => key.startsWith(this.drafts) && key !== this.draft);
    return keys.sort().map((key) => [key.slice(this.drafts.length), JSON.parse(sessionStorage.getItem(key)).length]);
  }

  /** Let go of what was typed into lists and steps that are not shown. */
  dropElsewhere() {
    this.elsewhere = [];
    this.keep();
  }

  restore() {
    let rows = [];
    try {
      rows = JSON.parse(sessionStorage.getItem(this.draft) ?? "[]");
    } catch {
      sessionStorage.removeItem(this.draft);
    }
    for (const row of rows) {
      const [code, listCode, stepKey, text, before, fault] = row;
      const column = this.columns.findIndex((one) => one.list.code === listCode && one.step.key === stepKey);
      if (column < 0 || column >= this.width || !this.boot.edit) {
        this.elsewhere.push(row);
        continue;
      }
      const { list, step } = this.columns[column];
      const found = fault ? { fault } : read(text, list, step.unit);
      this.staged.set(this.key(code, column), {
        code, column, text, amount: found.fault ? null : found.amount, fault: found.fault ?? "", before, told: null, isMeant: false,
      });
    }
    return this.staged.size;
  }
}

/** Whether an answer holds what was asked for, and not a page to sign in again. */
export function isJson(answer) {
  return answer.headers.get("Content-Type")?.includes("json") ?? false;
}
