// Only what can be seen is in the document: rows and cells are few elements that are filled anew while one scrolls. The
// active cell and its row always stay, so that the focus is never lost.
import { shown } from "./figures.js";
import { judge } from "./marks.js";

const BESIDE = 2; // rows and columns more than fit, on each side

export class View {
  constructor(grid, store, words) {
    Object.assign(this, { grid, store, words });
    this.head = grid.querySelector(".mx__head");
    this.body = grid.querySelector(".mx__body");
    this.rows = new Map();
    this.spareRows = [];
    this.active = { row: 0, column: 0 };
    this.anchor = this.active;
    this.measure();
    this.drawHead();
    grid.addEventListener("scroll", () => this.soon(), { passive: true });
    new ResizeObserver(() => {
      this.measure();
      this.soon();
    }).observe(grid);
  }

  measure() {
    const style = getComputedStyle(this.grid);
    const size = (name) => Number.parseFloat(style.getPropertyValue(name));
    this.size = { row: size("--mx-row"), column: size("--mx-column"), first: size("--mx-first"), head: size("--mx-headrow") };
    this.fitted = { width: this.grid.clientWidth, height: this.grid.clientHeight };
  }

  soon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.draw();
    });
  }

  /** The rows and columns that can be seen, half open. */
  range() {
    const { scrollTop, scrollLeft } = this.grid;
    const { size, fitted, store } = this;
    const top = Math.max(0, Math.floor(scrollTop / size.row) - BESIDE);
    const left = Math.max(0, Math.floor(scrollLeft / size.column) - BESIDE);
    return {
      top,
      bottom: Math.min(store.total, Math.ceil((scrollTop + fitted.height - size.head) / size.row) + BESIDE),
      left,
      right: Math.min(store.width, Math.ceil((scrollLeft + fitted.width - size.first) / size.column) + BESIDE),
    };
  }

  draw() {
    const { store, size } = this;
    const range = this.range();
    const width = `${size.first + store.width * size.column}px`;
    if (this.drawn?.width !== width || this.drawn?.total !== store.total) {
      this.drawn = { width, total: store.total };
      this.body.style.inlineSize = width;
      this.headRow.style.inlineSize = width;
      this.body.style.blockSize = `${store.total * size.row}px`;
      this.grid.setAttribute("aria-rowcount", store.total + 1);
      this.grid.setAttribute("aria-colcount", store.width + 1);
    }
    const wanted = new Set();
    for (let index = range.top; index < range.bottom; index += 1) wanted.add(index);
    if (this.active.row < store.total) wanted.add(this.active.row);
    for (const [index, drawn] of this.rows) {
      if (wanted.has(index)) continue;
      drawn.element.remove();
      this.rows.delete(index);
      this.spareRows.push(drawn);
    }
    const columns = [];
    for (let column = range.left; column < range.right; column += 1) columns.push(column);
    if (store.width && this.active.column < range.left) columns.unshift(this.active.column);
    else if (store.width && this.active.column >= range.right) columns.push(this.active.column);
    columns.reverse(); // the last first: each is put in front of the one behind it, and nothing that stands there moves
    this.drawColumns(columns);
    for (const index of [...wanted].sort((one, other) => one - other)) this.drawRow(index, columns);
    store.ensure(range.top, range.bottom);
  }

  drawHead() {
    this.headRow = make("div", "mx__headrow", "row");
    this.headRow.setAttribute("aria-rowindex", "1");
    const corner = make("div", "mx__corner", "columnheader");
    corner.setAttribute("aria-colindex", "1");
    corner.textContent = this.grid.dataset.product;
    this.headRow.append(corner);
    this.head.append(this.headRow);
    this.heads = new Map();
  }

  drawColumns(columns) {
    const wanted = new Set(columns);
    for (const [column, element] of this.heads) {
      if (wanted.has(column)) continue;
      element.remove();
      this.heads.delete(column);
    }
    let after = null;
    for (const column of columns) {
      if (this.heads.has(column)) {
        after = this.heads.get(column);
        continue;
      }
      const { list, step } = this.store.columns[column];
      const element = make("div", "mx__colhead", "columnheader");
      element.setAttribute("aria-colindex", column + 2);
      element.style.insetInlineStart = `${this.size.first + column * this.size.column}px`;
      const name = make("strong", "");
      name.textContent = list.name;
      const sub = make("span", "mx__sub");
      sub.textContent = `${step.label} · ${list.sub}`; // the step first: it tells the columns of one list apart
      element.title = `${list.name} · ${list.sub} · ${step.label}`;
      element.append(name, sub);
      if (list.kind) element.dataset.kind = list.kind;
      this.heads.set(column, element);
      this.headRow.insertBefore(element, after);
      after = element;
    }
  }

  drawRow(index, columns) {
    let drawn = this.rows.get(index);
    if (!drawn) {
      drawn = this.spareRows.pop() ?? newRow();
      drawn.state = null;
      this.rows.set(index, drawn);
      drawn.element.setAttribute("aria-rowindex", index + 2);
      drawn.element.style.transform = `translateY(${index * this.size.row}px)`;
      this.placeRow(index, drawn.element);
    }
    const row = this.store.row(index);
    const state = row ? row.code : "";
    if (drawn.state !== state) {
      drawn.state = state;
      drawn.name.textContent = row ? row.name : this.words.loading;
      const word = row ? this.store.boot.states[row.state] : "";
      drawn.sub.textContent = row ? [row.spec, word].filter(Boolean).join(" · ") : "";
      drawn.head.title = row ? `${row.name} · ${row.code}` : "";
    }
    const wanted = new Set(columns);
    const spare = [];
    for (const [column, cell] of drawn.cells) {
      if (wanted.has(column)) continue;
      drawn.cells.delete(column);
      spare.push(cell);
    }
    let after = null;
    for (const column of columns) {
      let cell = drawn.cells.get(column);
      if (!cell) {
        cell = spare.pop() ?? newCell();
        drawn.element.insertBefore(cell.element, after);
        drawn.cells.set(column, cell);
        cell.column = column;
        cell.element.setAttribute("aria-colindex", column + 2);
        cell.element.style.insetInlineStart = `${this.size.first + column * this.size.column}px`;
      }
      after = cell.element;
      cell.row = index;
      cell.element.dataset.at = `${index}:${column}`;
      this.paint(cell, row);
    }
    for (const cell of spare) cell.element.remove();
  }

  /** Rows stand in the document in their order, for whoever reads it without seeing it. */
  placeRow(index, element) {
    let after = null;
    let nearest = Infinity;
    for (const [other, drawn] of this.rows) {
      if (other > index && other < nearest && drawn.element.parentNode) {
        nearest = other;
        after = drawn.element;
      }
    }
    this.body.insertBefore(element, after);
  }

  paint(cell, row) {
    const { store } = this;
    const is = { text: "", more: "", mark: "", look: "", locked: true };
    if (row) {
      const { list } = store.columns[cell.column];
      const base = store.base(row, cell.column);
      const typed = store.typed(row, cell.column);
      const found = judge(store, this.words, row, cell.column);
      is.locked = !store.canEdit(row, cell.column);
      is.mark = found.tone;
      is.more = found.words;
      if (!base.isSold) [is.look, is.more] = ["none", this.words.unsold];
      else if (typed?.fault) is.text = typed.text;
      else {
        const amount = typed ? typed.amount : base.amount;
        is.text = amount === null ? "" : shown(amount, list.digits);
        if (amount === null) [is.look, is.more] = ["empty", [typed ? this.words.ends : this.words.none, is.more].filter(Boolean).join(" · ")];
        else if (!typed && base.isDerived) is.look = "derived";
        else if (!typed && base.note) is.look = "coming";
        else if (!typed && row.saved?.has(cell.column)) is.look = "saved";
      }
    }
    const { active } = this;
    const isActive = cell.row === active.row && cell.column === active.column;
    const isIn = this.isSelected(cell.row, cell.column);
    const state = `${is.text}|${is.more}|${is.mark}|${is.look}|${is.locked}|${isActive}|${isIn}|${Boolean(row)}`;
    if (cell.state === state) return;
    cell.state = state;
    const { element } = cell;
    cell.value.textContent = is.text;
    cell.more.textContent = is.more ? `${is.text ? ", " : ""}${is.more}` : "";
    element.title = is.more;
    put(element, "mark", is.mark);
    put(element, "look", is.look);
    element.tabIndex = isActive ? 0 : -1;
    element.setAttribute("aria-selected", isIn || isActive ? "true" : "false");
    if (is.locked) element.setAttribute("aria-readonly", "true");
    else element.removeAttribute("aria-readonly");
    if (is.mark === "bad") element.setAttribute("aria-invalid", "true");
    else element.removeAttribute("aria-invalid");
    element.classList.toggle("mx__cell--active", isActive);
  }

  /** The rectangle that is selected, both ends within. */
  selection() {
    const { active, anchor } = this;
    return {
      top: Math.min(active.row, anchor.row),
      bottom: Math.max(active.row, anchor.row),
      left: Math.min(active.column, anchor.column),
      right: Math.max(active.column, anchor.column),
    };
  }

  isSelected(row, column) {
    if (this.active === this.anchor) return false;
    const block = this.selection();
    return row >= block.top && row <= block.bottom && column >= block.left && column <= block.right;
  }

  /** Go to a cell; `extend` keeps the other corner of the selection where it is. */
  go(row, column, { extend = false, focus = true } = {}) {
    const { store, size, grid } = this;
    if (!store.total || !store.width) return;
    this.active = { row: Math.max(0, Math.min(row, store.total - 1)), column: Math.max(0, Math.min(column, store.width - 1)) };
    if (!extend) this.anchor = this.active;
    const top = this.active.row * size.row;
    const left = this.active.column * size.column;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top + size.row > grid.scrollTop + this.fitted.height - size.head) grid.scrollTop = top + size.row - this.fitted.height + size.head;
    if (left < grid.scrollLeft) grid.scrollLeft = left;
    else if (left + size.column > grid.scrollLeft + this.fitted.width - size.first) grid.scrollLeft = left + size.column - this.fitted.width + size.first;
    this.draw();
    if (focus) this.cell()?.focus({ preventScroll: true });
    store.tell("moved");
  }

  /** The element of the active cell. */
  cell() {
    return this.rows.get(this.active.row)?.cells.get(this.active.column)?.element;
  }

  /** Which cell an element lies in. */
  placeOf(element) {
    const at = element.closest?.(".mx__cell")?.dataset.at;
    if (!at) return null;
    const [row, column] = at.split(":").map(Number);
    return { row, column };
  }
}

function make(tag, name, role) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (role) element.setAttribute("role", role);
  return element;
}

function put(element, name, value) {
  if (value) element.dataset[name] = value;
  else delete element.dataset[name];
}

function newRow() {
  const element = make("div", "mx__row", "row");
  const head = make("div", "mx__rowhead", "rowheader");
  head.setAttribute("aria-colindex", "1");
  const name = make("strong", "");
  const sub = make("span", "mx__sub");
  head.append(name, sub);
  element.append(head);
  return { element, head, name, sub, cells: new Map(), state: null };
}

function newCell() {
  const element = make("div", "mx__cell", "gridcell");
  const value = make("span", "mx__value");
  const more = make("span", "sr-only");
  element.append(value, more);
  return { element, value, more, state: "" };
}
