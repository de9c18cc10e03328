// Lists by keyboard: / to the search, j and k over the rows, Enter opens (the row's link has the focus), x ticks,
// Shift+x ticks from the last ticked row to this one, hot keys press. And the bar of what is ticked.
import { filled } from "./text.js";

const MOST_HELD = 3;
let anchor = null; // the row ticked last: where a range begins
const underWay = new Map(); // requests of htmx that are under way, and what each answer will replace
let held = []; // hot keys pressed before the answer they are meant for was there

export function startLists() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("change", onChange);
  document.addEventListener("htmx:load", (event) => settle(event.target));
  document.addEventListener("htmx:beforeSend", ({ detail }) => underWay.set(detail.xhr, detail.target));
  document.addEventListener("htmx:afterRequest", onAnswer);
  document.addEventListener("submit", takeFilters);
  window.addEventListener("pageshow", () => document.querySelectorAll("[data-bulk]").forEach(showBulk));
  settle(document);
}

// A list that was narrowed without loading the page anew goes out as it stands now.
function takeFilters({ target: form }) {
  if (!form.matches("[data-export]")) return;
  const query = new URLSearchParams(location.search);
  for (const name of ["page", "do", "part"]) query.delete(name);
  for (const [name, value] of new URLSearchParams(form.dataset.export)) query.set(name, value);
  form.action = `${form.action.split("?")[0]}?${query}`;
}

function settle(root) {
  for (const bar of document.querySelectorAll("[data-bulk]")) showBulk(bar);
  for (const wrap of root.querySelectorAll?.(".table-wrap") ?? []) watchWidth(wrap);
}

// A table that fits its box needs no sideways scrolling, and then its head may stick to the page.
const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) target.toggleAttribute("data-fits", target.scrollWidth <= target.clientWidth + 1);
});

function watchWidth(wrap) {
  if (!wrap.matches("[data-list] *, :has([data-list])")) return;
  widths.observe(wrap);
}

function isTyping(event) {
  return event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]") !== null;
}

function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (isTyping(event)) {
    if (event.key === "Escape" && event.target.matches("[data-search]")) event.target.blur();
    return;
  }
  const act = { "/": toSearch, j: () => move(1), k: () => move(-1), x: tick, X: tickRange }[event.key];
  if (act ? act() : press(event.key)) event.preventDefault();
}

function toSearch() {
  const field = [...document.querySelectorAll("[data-search]")].findLast((candidate) => candidate.offsetParent !== null);
  field?.focus();
  field?.select?.();
  return Boolean(field);
}

function rows() {
  return [...document.querySelectorAll("[data-list] [data-row]")].filter((row) => row.offsetParent !== null);
}

function currentRow() {
  return document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-row][data-cursor]");
}

function move(by) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(currentRow());
  const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
  for (const row of all) row.toggleAttribute("data-cursor", row === next);
  const link = next.querySelector("[data-row-link]") ?? next.querySelector("a, button, input");
  link?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function tick() {
  const row = currentRow();
  const box = row?.querySelector("[data-check]");
  if (!box || box.disabled) return false;
  box.click();
  anchor = row;
  return true;
}

function tickRange() {
  const row = currentRow();
  if (!row?.querySelector("[data-check]")) return false;
  range(row, true);
  return true;
}

// Every row between the anchor and this one gets the same tick; a disabled box is left alone.
function range(row, checked) {
  const all = rows();
  const [from, to] = [all.indexOf(anchor), all.indexOf(row)].sort((a, b) => a - b);
  for (const one of all.slice(Math.max(0, from < 0 ? to : from), to + 1)) {
    const box = one.querySelector("[data-check]:not(:disabled)");
    if (box) box.checked = checked;
  }
  anchor = row;
  changed();
}

function press(key) {
  const button = [...document.querySelectorAll("[data-key]")].find(
    (candidate) => candidate.dataset.key === key && candidate.offsetParent !== null && !candidate.disabled,
  );
  if (isAwaited(key, button)) {
    if (held.length < MOST_HELD) held.push(key);
    return true;
  }
  button?.click();
  return Boolean(button);
}

// A button that is about to be replaced belongs to what was opened before: whoever opens an order and presses a key at
// once means the new one. A key no button has yet may be meant for what is on its way.
function isAwaited(key, button) {
  if (!button) return underWay.size > 0 && /^[a-z]$/i.test(key);
  return [...underWay.values()].some((target) => target?.contains(button));
}

// After the next request of a queue has begun: a key is pressed once nothing is on its way any more. A refusal or a
// lost connection forgets the keys, for they were meant for what did not come.
function onAnswer({ detail }) {
  underWay.delete(detail.xhr);
  if (!detail.successful) held = [];
  window.setTimeout(() => {
    const keys = held;
    held = [];
    for (const key of keys) press(key);
  }, 0);
}

function onClick(event) {
  const box = event.target.closest("[data-check]");
  if (box) {
    const row = box.closest("[data-row]");
    if (event.shiftKey && anchor) range(row, box.checked);
    anchor = row;
    return;
  }
  const bar = event.target.closest("[data-bulk]");
  if (!bar) return;
  if (event.target.closest("[data-take-all]")) takeAll(bar, true);
  if (event.target.closest("[data-untick]")) {
    for (const one of list(bar).querySelectorAll("[data-check], [data-check-all]")) one.checked = false;
    changed();
    rows()[0]?.querySelector("[data-row-link]")?.focus({ preventScroll: true });
  }
}

function list(bar) {
  return bar.closest("[data-list]") ?? document;
}

function onChange(event) {
  const box = event.target;
  if (box.matches("[data-check-all]")) {
    const around = box.closest("[data-list]") ?? document;
    for (const one of around.querySelectorAll("[data-check]:not(:disabled)")) one.checked = box.checked;
  }
  if (box.matches("[data-check], [data-check-all]")) changed();
}

function changed() {
  for (const bar of document.querySelectorAll("[data-bulk]")) {
    takeAll(bar, false);
    showBulk(bar);
  }
}

// All that fit, on every page: a hidden input tells the server; any change of a tick takes it back.
function takeAll(bar, on) {
  const input = bar.querySelector("[data-all-matching]");
  if (!input) return;
  input.value = on ? "1" : "";
  if (on) bar.querySelector("[data-bulk-count]").textContent = bar.querySelector("[data-take-all]").dataset.text;
  bar.querySelector("[data-take-all]").hidden = true;
}

function showBulk(bar) {
  const boxes = [...list(bar).querySelectorAll("[data-check]:not(:disabled)")];
  const ticked = boxes.filter((box) => box.checked).length;
  bar.hidden = ticked === 0;
  const count = bar.querySelector("[data-bulk-count]");
  if (count) count.textContent = filled(bar.dataset.text ?? "{n}", { n: ticked });
  const all = bar.querySelector("[data-take-all]");
  if (all) all.hidden = ticked < boxes.length || bar.querySelector("[data-all-matching]").value === "1";
  const head = list(bar).querySelector("[data-check-all]");
  if (head) {
    head.checked = ticked > 0 && ticked === boxes.length;
    head.indeterminate = ticked > 0 && ticked < boxes.length;
  }
  for (const row of rows()) {
    const box = row.querySelector("[data-check]");
    if (box) row.toggleAttribute("data-ticked", box.checked);
  }
}
