// The price grid: a block pasted from a spreadsheet fills the cells, arrows move, what changed is marked, undo takes it back.
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
  if (input.value === input.dataset.before) delete cell.dataset.mark;
  else cell.dataset.mark = "edit";
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
