// The price grid: a block pasted from a spreadsheet fills the cells, arrows move, what changed is marked, undo takes it
// back. A ladder that rises and a price that doubles or halves are marked while one types; the server asks before it saves.
import { filled } from "../../ui/js/text.js";

for (const form of document.querySelectorAll("form[data-price-grid]")) start(form);

function start(form) {
  const done = [];
  const undo = form.querySelector("[data-grid-undo]");
  const tell = () => {
    const changed = inputs(form).filter((input) => input.value !== input.dataset.before).length;
    const count = form.querySelector("[data-grid-count]");
    if (count) count.textContent = changed ? filled(form.dataset.textChanged, { n: changed }) : "";
    if (undo) undo.hidden = done.length === 0;
  };
  form.addEventListener("focusin", (event) => {
    if (isCell(event.target)) event.target.dataset.last = event.target.value;
  });
  form.addEventListener("input", (event) => {
    if (isCell(event.target)) mark(event.target);
  });
  form.addEventListener("change", (event) => {
    if (!isCell(event.target)) return;
    done.push([[event.target, event.target.dataset.last ?? event.target.dataset.before]]);
    event.target.dataset.last = event.target.value;
    mark(event.target);
    tell();
  });
  form.addEventListener("paste", (event) => {
    const block = event.clipboardData?.getData("text/plain") ?? "";
    if (!isCell(event.target) || !/[\t\n\r]/.test(block.trim())) return;
    event.preventDefault();
    const step = pasted(event.target, block);
    if (step.length) done.push(step);
    form.dataset.changed = "";
    tell();
  });
  form.addEventListener("keydown", (event) => move(event));
  undo?.addEventListener("click", () => {
    for (const [input, value] of done.pop() ?? []) {
      input.value = value;
      mark(input);
    }
    tell();
  });
  tell();
}

function inputs(form) {
  return [...form.querySelectorAll("[data-before]")];
}

function isCell(element) {
  return element instanceof HTMLInputElement && element.dataset.before !== undefined;
}

/** Fill the block right and down from `first`; cells that cannot be edited swallow their value. */
function pasted(first, block) {
  const step = [];
  let row = first.closest("tr");
  const column = [...row.cells].indexOf(first.closest("td"));
  for (const line of block.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n")) {
    if (!row) break;
    line.split("\t").forEach((value, index) => {
      const input = row.cells[column + index]?.querySelector("[data-before]");
      if (!input) return;
      step.push([input, input.value]);
      input.value = value.trim();
      mark(input);
    });
    row = row.nextElementSibling;
  }
  return step;
}

function mark(input) {
  const cell = input.closest("td");
  input.removeAttribute("aria-invalid");
  for (const other of cell.parentElement.querySelectorAll("[data-before]")) judge(other);
}

/** Mark one cell: changed, or changed and doubtful, with the reason under it. */
function judge(input) {
  const cell = input.closest("td");
  if (input.getAttribute("aria-invalid") === "true") return;
  const doubt = input.value === input.dataset.before ? "" : doubted(input);
  if (input.value === input.dataset.before) delete cell.dataset.mark;
  else cell.dataset.mark = doubt ? "warn" : "edit";
  let note = cell.querySelector("[data-doubt]");
  if (!doubt) return note?.remove();
  if (!note) {
    note = document.createElement("span");
    note.className = "pricegrid__note";
    note.dataset.doubt = "";
    cell.append(note);
  }
  note.textContent = doubt;
}

function doubted(input) {
  const { textRises, textLeaps } = input.form.dataset;
  const amount = figure(input.value);
  const was = figure(input.dataset.before);
  if (!(amount > 0)) return "";
  const [unit, step] = keyed(input);
  for (const other of input.closest("tr").querySelectorAll("[data-before]")) {
    const [otherUnit, otherStep] = keyed(other);
    const price = figure(other.value);
    if (otherUnit !== unit || !(price > 0)) continue;
    if ((otherStep < step && price < amount) || (otherStep > step && price > amount)) return textRises;
  }
  return was > 0 && (amount >= was * 2 || amount * 2 <= was) ? filled(textLeaps, { was: input.dataset.before }) : "";
}

/** Unit and quantity of a cell, from the name it is sent under (p:SKU:UNIT:QUANTITY). */
function keyed(input) {
  const parts = input.name.split(":");
  return [parts.at(-2), Number(parts.at(-1))];
}

/** The number in a cell, full-width digits, currency signs and thousands marks taken off. */
function figure(text) {
  return Number.parseFloat(text.normalize("NFKC").replace(/[^0-9.]/g, ""));
}

function move(event) {
  const by = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[event.key];
  if (!by || !isCell(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const cell = event.target.closest("td");
  const column = [...cell.parentElement.cells].indexOf(cell);
  let row = cell.parentElement;
  let next = null;
  while (!next && row) {
    row = by > 0 ? row.nextElementSibling : row.previousElementSibling;
    next = row?.cells[column]?.querySelector("[data-before]") ?? null;
  }
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.select();
}
