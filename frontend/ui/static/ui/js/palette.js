// The command palette: Ctrl/⌘ K or a button with data-palette; a combobox over a list of links the server finds.
// And ?: the keys of the page. What was opened lately stays in this browser, apart by seat, and goes with signing out.
import { openDialog } from "./dialogs.js";
import { filled } from "./text.js";

const WAIT = 120;
const KEPT = 8;
const PREFIX = "recent:";
let asking = null;
let timer = 0;

export function startPalette() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-sign-out]")) forgetAll();
  });
  const palette = dialog();
  if (!palette) return;
  field().addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, WAIT);
  });
  field().addEventListener("keydown", onFieldKey);
  field().form.addEventListener("submit", onSubmit);
  list().addEventListener("pointermove", (event) => choose(event.target.closest("[role=option]"), false));
  palette.addEventListener("close", () => field().setAttribute("aria-expanded", "false"));
  remember();
}

function dialog() {
  return document.getElementById("palette");
}

function field() {
  return document.getElementById("palette-q");
}

function list() {
  return document.getElementById("palette-list");
}

function options() {
  return [...list().querySelectorAll("[role=option]")];
}

function chosen() {
  return list().querySelector("[role=option][aria-selected=true]");
}

function isTyping(event) {
  return event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]") !== null;
}

function onKey(event) {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k" && dialog()) {
    event.preventDefault();
    if (dialog().open) dialog().close();
    else open();
  } else if (event.key === "?" && !event.ctrlKey && !event.metaKey && !isTyping(event) && !document.querySelector("dialog[open]")) {
    if (!document.getElementById("keys")) return;
    event.preventDefault();
    openKeys();
  }
}

function onClick(event) {
  const opener = event.target.closest("[data-palette]");
  if (opener && dialog() && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    opener.closest("dialog[open]")?.close();
    open();
  } else if (event.target.closest("[data-keys]")) {
    event.preventDefault();
    openKeys();
  }
}

function open() {
  openDialog("palette");
  field().select();
  field().focus();
  ask();
}

async function ask() {
  asking?.abort();
  asking = new AbortController();
  const words = field().value.trim();
  try {
    const url = `${dialog().dataset.find}?${new URLSearchParams({ q: words, part: "options" })}`;
    const answer = await fetch(url, { signal: asking.signal, headers: { "X-Requested-With": "fetch" } });
    if (answer.redirected || !answer.ok) throw new Error(String(answer.status));
    show(await answer.text(), words);
  } catch (error) {
    if (error.name !== "AbortError") list().replaceChildren(); // the form still leads to the plain page
  }
}

function show(html, words) {
  list().innerHTML = html;
  if (!words) list().prepend(...recentGroup());
  const found = options();
  field().setAttribute("aria-expanded", String(found.length > 0));
  if (!found.length) list().append(nothing());
  choose(words ? found[0] : null, false);
  dialog().querySelector("[data-palette-status]").textContent = words ? filled(dialog().dataset.textCount, { n: found.length }) : "";
}

function nothing() {
  const said = document.createElement("p");
  said.className = "palette__none";
  said.textContent = dialog().dataset.textNone;
  return said;
}

function choose(option, scrolls = true) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (option) field().setAttribute("aria-activedescendant", option.id);
  else field().removeAttribute("aria-activedescendant");
  if (option && scrolls) option.scrollIntoView({ block: "nearest" });
}

function onFieldKey(event) {
  const found = options();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !found.length || event.isComposing) return;
  event.preventDefault();
  const at = found.indexOf(chosen());
  choose(found[at < 0 ? (step > 0 ? 0 : found.length - 1) : (at + step + found.length) % found.length]);
}

function onSubmit(event) {
  const option = chosen();
  if (!option) return;
  event.preventDefault();
  location.assign(option.href);
}

// what was opened lately ---------------------------------------------------------------------------

function key() {
  return PREFIX + dialog().dataset.seat;
}

function recents() {
  try {
    const found = JSON.parse(localStorage.getItem(key()) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

// A page deep in the tree (an order, a dealer, a product) is worth coming back to; lists stand in the navigation.
function remember() {
  const main = document.querySelector("[data-recent]");
  if (!main) return;
  const one = { url: location.pathname, label: main.dataset.recent || document.title.split(" · ")[0] };
  const kept = [one, ...recents().filter((other) => other.url !== one.url)].slice(0, KEPT);
  try {
    localStorage.setItem(key(), JSON.stringify(kept));
  } catch {
    // Storage full or forbidden: the palette works without.
  }
}

function recentGroup() {
  const kept = recents().filter((one) => one.url !== location.pathname && one.url.startsWith("/"));
  if (!kept.length) return [];
  const group = document.createElement("div");
  group.className = "palette__group";
  group.setAttribute("role", "group");
  group.setAttribute("aria-labelledby", "pal-recent");
  const title = document.createElement("div");
  title.className = "palette__title";
  title.id = "pal-recent";
  title.textContent = dialog().dataset.textRecent;
  group.append(title, ...kept.map(recentOption));
  return [group];
}

function recentOption(one, index) {
  const option = document.createElement("a");
  option.className = "palette__item";
  option.id = `pal-r-${index}`;
  option.href = one.url;
  option.tabIndex = -1;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  const label = document.createElement("span");
  label.className = "palette__label";
  label.textContent = one.label;
  option.append(label);
  return option;
}

function forgetAll() {
  for (const name of Object.keys(localStorage)) if (name.startsWith(PREFIX)) localStorage.removeItem(name);
}

// the keys of the page -------------------------------------------------------------------------------

function openKeys() {
  const part = document.querySelector("[data-keys-page]");
  const buttons = [...document.querySelectorAll("[data-key]")].filter((one) => one.offsetParent !== null);
  const there = new Set(buttons.map((button) => button.dataset.key));
  const others = [...document.querySelectorAll("[data-key-name]")].filter((one) => !there.has(one.dataset.keyName));
  const keys = [
    ...buttons.map((button) => [
      button.dataset.key,
      button.dataset.keyLabel ?? button.getAttribute("aria-label") ?? wordsOf(button),
    ]),
    ...others.map((one) => [one.dataset.keyName, one.textContent.trim()]), // what a key does once something is opened
  ];
  const rows = keys.map(([key, words]) => {
    const row = document.createElement("div");
    const name = document.createElement("dt");
    const mark = document.createElement("kbd");
    mark.className = "kbd";
    mark.textContent = /^[A-Z]$/.test(key) ? `Shift ${key}` : key.toUpperCase();
    name.append(mark);
    const said = document.createElement("dd");
    said.textContent = words;
    row.append(name, said);
    return row;
  });
  part.querySelector("dl").replaceChildren(...rows);
  part.hidden = rows.length === 0;
  openDialog("keys");
}

function wordsOf(button) {
  const copy = button.cloneNode(true);
  for (const mark of copy.querySelectorAll(".kbd")) mark.remove();
  return copy.textContent.trim();
}
