// What is to be said of a cell while one types: no price, below the floor, inverted, a ladder that rises, a leap.
import { filled } from "../../../ui/js/text.js";
import { shown } from "./figures.js";

const LEAP = 2;

/** `{tone, words, fix}` of a cell; tone "" for none, bad, warn, edit. `fix`: an amount that would pass. */
export function judge(store, words, row, column) {
  const typed = store.typed(row, column);
  const { list } = store.columns[column];
  const base = store.base(row, column);
  if (typed?.fault) return { tone: "bad", words: filled(words[typed.fault], { text: typed.text.slice(0, 20), digits: list.digits, currency: list.currency }) };
  if (typed?.told?.became === "bad") return { tone: "bad", words: typed.told.words };
  const amount = store.amount(row, column);
  const floor = row.floors?.[column];
  if (amount && floor && amount < floor) {
    const places = { by: shown(floor - amount, list.digits), floor: shown(floor, list.digits) };
    return { tone: "bad", words: filled(words.floor, places), fix: floor };
  }
  const doubts = [typed?.told?.words, ...doubtsOf(store, words, row, column, amount, typed ? base.amount : null)].filter(Boolean);
  if (doubts.length) return { tone: "warn", words: doubts.join(" · ") };
  if (!typed) return { tone: "", words: base.note };
  const was = base.amount === null ? words.none : shown(base.amount, list.digits);
  return { tone: "edit", words: filled(words.was, { was }) };
}

/** The same of a figure that is still being typed. */
export function judgeTyped(store, words, row, column, text) {
  const key = store.key(row.code, column);
  const before = store.staged.get(key);
  store.stage(row, column, text.trim(), "");
  const found = judge(store, words, row, column);
  if (before) store.staged.set(key, before);
  else store.staged.delete(key);
  return found;
}

function doubtsOf(store, words, row, column, amount, was) {
  if (!amount) return [];
  const found = [inverted(store, words, row, column, amount)];
  const other = steeper(store, row, column, amount);
  const { list } = store.columns[column];
  if (other) found.push(filled(words.rises, { other: shown(other, list.digits) }));
  if (was && (amount >= was * LEAP || amount * LEAP <= was)) found.push(filled(words.leaps, { was: shown(was, list.digits) }));
  return found;
}

function inverted(store, words, row, column, amount) {
  const { list, at, step } = store.columns[column];
  const width = store.steps.length;
  const place = store.steps.indexOf(step);
  for (const lower of list.under) {
    const paid = store.amount(row, lower * width + place);
    if (paid && amount >= paid) return filled(words.above, { list: store.lists[lower].name, amount: shown(paid, list.digits) });
  }
  for (const higher of list.over ?? above(store, at)) {
    const paid = store.amount(row, higher * width + place);
    if (paid && paid >= amount) return filled(words.below, { list: store.lists[higher].name, amount: shown(paid, list.digits) });
  }
  return "";
}

function above(store, at) {
  const list = store.lists[at];
  list.over = store.lists.flatMap((one, place) => (one.under.includes(at) ? [place] : []));
  return list.over;
}

/** The nearest step of the same ladder that makes this one rise; 0 where it falls. */
function steeper(store, row, column, amount) {
  const { at, step } = store.columns[column];
  const width = store.steps.length;
  for (const [place, other] of store.steps.entries()) {
    if (other === step || other.unit !== step.unit) continue;
    const price = store.amount(row, at * width + place);
    if (price && ((other.from < step.from && price < amount) || (other.from > step.from && price > amount))) return price;
  }
  return 0;
}
