// Lists by keyboard: / to the search, j and k over the rows, Enter opens (the row's link has the focus), x ticks, hot keys press.
import { filled } from "./text.js";

export function startLists() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", onChange);
  for (const bar of document.querySelectorAll("[data-bulk]")) showBulk(bar);
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
  const act = { "/": toSearch, j: () => move(1), k: () => move(-1), x: tick }[event.key];
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
  const box = currentRow()?.querySelector("[data-check]");
  box?.click();
  return Boolean(box);
}

function press(key) {
  const button = [...document.querySelectorAll("[data-key]")].find(
    (candidate) => candidate.dataset.key === key && candidate.offsetParent !== null && !candidate.disabled,
  );
  button?.click();
  return Boolean(button);
}

function onChange(event) {
  const box = event.target;
  if (box.matches("[data-check-all]")) {
    const list = box.closest("[data-list]") ?? document;
    for (const one of list.querySelectorAll("[data-check]")) one.checked = box.checked;
  }
  if (box.matches("[data-check], [data-check-all]")) document.querySelectorAll("[data-bulk]").forEach(showBulk);
}

function showBulk(bar) {
  const ticked = document.querySelectorAll("[data-check]:checked").length;
  bar.hidden = ticked === 0;
  const count = bar.querySelector("[data-bulk-count]");
  if (count) count.textContent = filled(bar.dataset.text ?? "{n}", { n: ticked });
  for (const row of rows()) {
    const box = row.querySelector("[data-check]");
    if (box) row.toggleAttribute("data-ticked", box.checked);
  }
}
