// The order desk: the opened row stays marked, the focus is never lost over a swap, what was opened or done is said to
// screen readers, and on a narrow screen an opened order takes the list's place.
import { filled, money } from "../../ui/js/text.js";

const desk = document.getElementById("desk");
const DETAIL = "desk-detail";
const LIST = "desk-list";
let before = ""; // the id of what had the focus when a swap began
let goesToRows = false; // whether Enter in the search asked for the first row

document.addEventListener("htmx:beforeSwap", () => {
  before = document.activeElement?.id ?? "";
});

document.addEventListener("htmx:afterSwap", (event) => {
  const target = event.detail.target;
  if (target?.id === DETAIL) mark(target);
});

document.addEventListener("htmx:afterSettle", (event) => {
  const id = event.detail.target?.id;
  if (id === DETAIL) keepFocus(document.getElementById(DETAIL));
  if (id === LIST) afterList();
});

// What came opened with the whole page (a reload, a key pressed before its button was ready) has the focus too: its
// form, else its row, from which j and k go on.
const opened = document.getElementById(DETAIL);
if (opened?.querySelector(".deskact")) keepFocus(opened);
else if (opened?.querySelector(".panel__head") && !isNarrow() && document.activeElement === document.body) toList();

// Pinyin half typed is not yet a search.
document.addEventListener("input", (event) => event.target.id === "os" && event.isComposing && event.stopImmediatePropagation(), true);
document.addEventListener("compositionend", (event) => {
  if (event.target.id === "os") event.target.dispatchEvent(new Event("input", { bubbles: true }));
});

// From the search into what was found: Enter once it is there, the arrow at once.
document.addEventListener("keydown", (event) => {
  if (event.target.id !== "os" || event.isComposing) return;
  if (event.key === "Enter") goesToRows = true;
  if (event.key === "ArrowDown" && toFirstRow()) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open], details.menu[open]")) return;
  if (event.target.matches("[data-search]")) return;
  const leave = document.querySelector("[data-leave]");
  if (leave) leave.click();
  else if (event.target.closest(`#${DETAIL}`)) toList();
  else return;
  event.preventDefault();
});

// Whoever fills in a row of stock means row by row.
document.addEventListener("input", (event) => {
  if (!event.target.closest(".byrow")) return;
  const choice = event.target.form?.querySelector('input[name=warehouse][value="*"]');
  if (choice) choice.checked = true;
});

// What is about to be approved is said with its sum before anything happens.
document.addEventListener("click", (event) => {
  if (event.target.closest('[data-open="dlg-approve"]')) sumUp(event.target.closest("form"));
});

function sumUp(form) {
  const asked = form.querySelector("#approve-asked");
  const isAll = form.querySelector("[data-all-matching]")?.value === "1";
  asked.querySelector("[data-matching]").hidden = !isAll;
  const ticked = asked.querySelector("[data-ticked]");
  ticked.hidden = isAll;
  const boxes = [...form.querySelectorAll("[data-check]:checked")];
  const sums = new Map();
  for (const { dataset } of boxes)
    if (dataset.minor) sums.set(dataset.nothing, (sums.get(dataset.nothing) ?? 0) + Number(dataset.minor));
  const sum = [...sums].map(([nothing, minor]) => inWords(nothing, minor)).join(" + ");
  ticked.textContent = filled(boxes.length === 1 ? asked.dataset.one : asked.dataset.some, { n: boxes.length, sum: sum || "—" });
}

// "¥0.00" and 198000 → ¥1,980.00
function inWords(nothing, minor) {
  const figure = nothing.match(/0(\.0+)?/)[0];
  return nothing.replace(figure, () => money(minor, "", figure.length > 1 ? figure.length - 2 : 0));
}

function mark(detail) {
  desk.dataset.open = "detail";
  const head = detail.querySelector(".panel__head");
  if (!head) return;
  for (const row of desk.querySelectorAll("[data-row]")) {
    if (row.id === `row-${head.dataset.number}`) row.setAttribute("aria-selected", "true");
    else row.removeAttribute("aria-selected");
  }
  if (isNarrow()) window.scrollTo({ top: 0 });
  say(filled(desk.dataset.textOpened, head.dataset));
}

// A form that opened takes the focus; else it goes back to where it was, or to the order's name when that is gone.
function keepFocus(detail) {
  const field = detail.querySelector(".deskact :is(textarea, input:not([type=hidden], [type=checkbox]))");
  const invalid = detail.querySelector(".deskact [aria-invalid=true]");
  const alert = detail.querySelector("[role=alert]");
  const first = invalid ?? field;
  if (first) {
    first.focus();
    if (first.matches("input")) first.select?.(); // a quantity is typed over, not behind
    return;
  }
  const same = before ? document.getElementById(before) : null;
  if (same && !isNarrow() && !alert) return same.focus({ preventScroll: true });
  if (isNarrow() || !document.activeElement || document.activeElement === document.body || alert)
    document.getElementById("panel-title")?.focus({ preventScroll: true });
}

function afterList() {
  const told = document.getElementById("desk-told");
  if (told) return told.focus();
  const open = document.querySelector(`#${DETAIL} .panel__head`)?.dataset.number;
  if (open) document.getElementById(`row-${open}`)?.setAttribute("aria-selected", "true");
  if (goesToRows && toFirstRow()) goesToRows = false;
  else if (before && document.activeElement === document.body) document.getElementById(before)?.focus();
}

function toFirstRow() {
  const first = document.querySelector(`#${LIST} [data-row-link]`);
  first?.focus({ preventScroll: true });
  return Boolean(first);
}

function toList() {
  const back = document.querySelector(".odesk__back");
  if (isNarrow() && back) return back.click();
  const open = document.querySelector("[data-row][aria-selected=true] [data-row-link]");
  (open ?? document.querySelector("[data-row-link]"))?.focus();
}

function say(words) {
  document.getElementById("desk-said").textContent = words;
}

function isNarrow() {
  return window.matchMedia("(max-width: 79.99rem)").matches;
}
