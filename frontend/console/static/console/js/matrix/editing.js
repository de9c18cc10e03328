// The hand: keys, mouse, the field in the cell and the field above the grid, blocks pasted, copied and filled down.
import { filled } from "../../../ui/js/text.js";
import { blockOf, readClipboard, tabbed } from "./clipboard.js";
import { plain, shown } from "./figures.js";
import { judge, judgeTyped } from "./marks.js";
import { Sheet } from "./sheet.js";

const TYPES = /^[\p{N}.,，。¥￥$€+−-]$/u; // a minus is read as one and refused, not swallowed
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const find = (id) => document.getElementById(id);

export class Editing {
  constructor({ store, view, words, say, sheet, save }) {
    Object.assign(this, { store, view, words, say, sheet, save, grid: view.grid });
    this.field = document.createElement("input");
    this.field.className = "mx__field";
    this.field.inputMode = "decimal";
    this.field.autocomplete = "off";
    this.isTyped = false; // opened by typing: arrows take the value and go on
    this.field.addEventListener("keydown", (event) => this.onFieldKey(event));
    this.field.addEventListener("blur", () => this.take());
    this.field.addEventListener("input", () => this.preview());
    this.grid.addEventListener("keydown", (event) => this.onKey(event));
    this.grid.addEventListener("pointerdown", (event) => this.onPointer(event));
    this.grid.addEventListener("pointermove", (event) => this.onDrag(event));
    this.grid.addEventListener("click", (event) => this.onClick(event));
    this.grid.addEventListener("dblclick", (event) => this.view.placeOf(event.target) && this.open());
    this.grid.addEventListener("paste", (event) => this.onPaste(event));
    for (const name of ["copy", "cut"]) this.grid.addEventListener(name, (event) => this.onCopy(event));
    store.addEventListener("moved", () => this.showFx());
    this.startFx();
    const acts = { "mx-undo": () => this.undo(), "mx-redo": () => this.redo(), "mx-fill": () => this.fillDown(), "mx-paste": () => this.pasteByButton() };
    for (const [id, act] of Object.entries(acts)) find(id)?.addEventListener("click", act);
    document.addEventListener("keydown", (event) => this.onPageKey(event));
  }

  get row() {
    return this.store.row(this.view.active.row);
  }

  get isOpen() {
    return this.field.isConnected;
  }

  // Keys

  onPageKey(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return;
    const key = event.key.toLowerCase();
    const isElsewhere = event.target.matches?.("input, textarea, select") && !this.grid.contains(event.target) && event.target !== this.fx;
    if (key === "s" && this.store.boot.edit) {
      event.preventDefault();
      this.take();
      this.save();
    } else if ((key === "z" || key === "y") && !isElsewhere && !this.isOpen && document.activeElement !== this.fx) {
      event.preventDefault();
      if (key === "y" || event.shiftKey) this.redo();
      else this.undo();
    }
  }

  onKey(event) {
    if (event.target === this.field || event.altKey || event.isComposing) return;
    const { view, store } = this;
    const { row, column } = view.active;
    const isCtrl = event.ctrlKey || event.metaKey;
    const go = (toRow, toColumn) => view.go(toRow, toColumn, { extend: event.shiftKey });
    const page = Math.max(1, Math.floor((view.fitted.height - view.size.head) / view.size.row) - 1);
    const places = {
      Home: () => go(isCtrl ? 0 : row, 0),
      End: () => go(isCtrl ? store.total - 1 : row, store.width - 1),
      PageDown: () => go(row + page, column),
      PageUp: () => go(row - page, column),
      F2: () => this.open(),
      Enter: () => this.open(),
      Delete: () => this.clear(),
      Backspace: () => this.clear(),
      Escape: () => this.leave(),
      Process: () => this.open("", true),
    };
    const arrow = ARROWS[event.key];
    if (arrow) {
      const far = isCtrl ? Math.max(store.total, store.width) : 1;
      go(row + arrow[0] * far, column + arrow[1] * far);
    } else if (event.key === "Tab") {
      const next = column + (event.shiftKey ? -1 : 1);
      if (this.mayLeave || isCtrl || next < 0 || next >= store.width) return;
      view.go(row, next);
    } else if (isCtrl && event.key.toLowerCase() === "d") this.fillDown();
    else if (isCtrl && event.key.toLowerCase() === "a") this.selectAll();
    else if (places[event.key] && !(isCtrl && event.key === "Enter")) places[event.key]();
    else if (!isCtrl && TYPES.test(event.key)) this.open("", true, event.key);
    else return;
    if (event.key !== "Escape") this.mayLeave = false;
    if (event.key !== "Process") event.preventDefault();
    event.stopPropagation();
  }

  /** After Esc the next Tab leaves the grid. */
  leave() {
    this.mayLeave = true;
    this.view.go(this.view.active.row, this.view.active.column);
  }

  selectAll() {
    const { view, store } = this;
    view.anchor = { row: 0, column: 0 };
    view.active = { row: store.total - 1, column: store.width - 1 };
    view.draw();
    this.showFx();
  }

  // Mouse and finger

  onPointer(event) {
    const place = this.view.placeOf(event.target);
    if (!place || event.target === this.field || event.button !== 0 || event.pointerType === "touch") return;
    event.preventDefault();
    this.take();
    this.dragged = !event.shiftKey || null;
    this.view.go(place.row, place.column, { extend: event.shiftKey });
  }

  onDrag(event) {
    if (!(event.buttons & 1) || !this.dragged || event.pointerType === "touch" || this.isOpen) return;
    const place = this.view.placeOf(event.target);
    const { active } = this.view;
    if (place && (place.row !== active.row || place.column !== active.column)) this.view.go(place.row, place.column, { extend: true });
  }

  onClick(event) {
    const place = this.view.placeOf(event.target);
    if (!place || event.target === this.field) return;
    if (event.pointerType === "touch" || Sheet.isUsed) {
      this.view.go(place.row, place.column);
      if (Sheet.isUsed) this.sheet.open();
    }
  }

  // The field in the cell

  open(text, isTyped = false, key = "") {
    const { row, view, store } = this;
    if (this.isOpen || !row) return;
    const { column } = view.active;
    if (!store.mayEdit(row, column) || (isTyped && !store.canEdit(row, column))) {
      return this.say(store.mayEdit(row, column) ? this.words.guarded : this.words.readonly);
    }
    if (!store.canEdit(row, column)) store.makeOwn(row, column);
    this.isTyped = isTyped;
    this.field.value = text === undefined ? store.text(row, view.active.column) : key;
    this.editedAt = { row, column: view.active.column };
    this.field.setAttribute("aria-label", this.nameOf(row, view.active.column));
    view.cell().append(this.field);
    this.field.focus({ preventScroll: true });
    if (text === undefined) this.field.select();
    this.preview();
  }

  onFieldKey(event) {
    event.stopPropagation();
    if (event.isComposing) return;
    const isCtrl = event.ctrlKey || event.metaKey;
    const { row, column } = this.view.active;
    const arrow = this.isTyped && !isCtrl && !event.shiftKey ? ARROWS[event.key] : null;
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter") this.finish(row + (event.shiftKey ? -1 : 1), column);
    else if (event.key === "Tab") this.finish(row, column + (event.shiftKey ? -1 : 1));
    else if (arrow) this.finish(row + arrow[0], column + arrow[1]);
    else if (isCtrl && event.key.toLowerCase() === "s") {
      this.take();
      this.save();
    } else return;
    event.preventDefault();
  }

  finish(row, column) {
    this.take();
    this.view.go(row, column);
  }

  /** Take over what stands in the field. */
  take() {
    if (!this.isOpen || this.isTaking) return;
    this.isTaking = true; // taking the field away blurs it, and comes here again
    const text = this.field.value.trim();
    const hadFocus = document.activeElement === this.field;
    this.field.remove();
    if (hadFocus) this.view.cell()?.focus({ preventScroll: true });
    this.store.edit([{ ...this.editedAt, text }]);
    this.isTaking = false;
    this.showFx();
  }

  close() {
    this.isTaking = true;
    this.field.remove();
    this.isTaking = false;
    this.view.cell()?.focus({ preventScroll: true });
    this.showFx();
  }

  /** What is to be said of the figure while it is typed. */
  preview() {
    const { row, column } = this.editedAt;
    this.fx.value = this.field.value;
    this.tellNote(judgeTyped(this.store, this.words, row, column, this.field.value));
  }

  // The field above the grid

  startFx() {
    this.fx = find("mx-value");
    this.fx.addEventListener("input", () => {
      const { row, view, store, words } = this;
      if (row) this.tellNote(judgeTyped(store, words, row, view.active.column, this.fx.value));
    });
    this.fx.addEventListener("change", () => this.takeFx());
    this.fx.addEventListener("keydown", (event) => {
      if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
      event.preventDefault();
      const { row, column } = this.view.active;
      if (event.key === "Enter") {
        this.takeFx();
        this.view.go(row + 1, column);
      } else {
        this.showFx();
        this.view.go(row, column);
      }
    });
    find("mx-fix").addEventListener("click", () => {
      const { row, view, store } = this;
      const { list } = store.columns[view.active.column];
      store.edit([{ row, column: view.active.column, text: plain(this.fix, list.digits) }]);
      view.go(view.active.row, view.active.column);
    });
  }

  takeFx() {
    const { row, view, store } = this;
    if (row && store.canEdit(row, view.active.column)) store.edit([{ row, column: view.active.column, text: this.fx.value.trim() }]);
  }

  showFx() {
    const { row, view, store, words } = this;
    if (this.isOpen) return;
    const { column } = view.active;
    const isThere = row && column < store.width;
    find("mx-ref").textContent = isThere ? this.nameOf(row, column) : "";
    const trace = find("mx-trace");
    if (trace) trace.hidden = !isThere;
    if (trace && isThere) trace.search = new URLSearchParams({ sku: row.code });
    if (document.activeElement !== this.fx || !isThere) this.fx.value = isThere ? store.text(row, column) : "";
    this.fx.readOnly = !isThere || !store.canEdit(row, column);
    const found = isThere ? judge(store, words, row, column) : { tone: "", words: "" };
    if (isThere && store.mayEdit(row, column) && store.isGuarded(row, column)) found.words = `${found.words} · ${words.guarded}`;
    this.tellNote(found);
    const block = view.selection();
    const size = { rows: block.bottom - block.top + 1, columns: block.right - block.left + 1 };
    find("mx-selected").textContent = size.rows * size.columns > 1 ? filled(words.selected, size) : "";
  }

  nameOf(row, column) {
    const { list, step } = this.store.columns[column];
    return `${row.name} · ${list.name} · ${step.label}`;
  }

  tellNote({ tone, words, fix = 0 }) {
    const note = find("mx-note");
    note.textContent = words;
    note.dataset.tone = tone;
    const button = find("mx-fix");
    this.fix = fix;
    button.hidden = !fix || this.fx.readOnly;
    const { list } = this.store.columns[this.view.active.column] ?? {};
    if (fix) button.textContent = filled(this.words.useFloor, { floor: shown(fix, list.digits) });
  }

  // Blocks

  undo() {
    this.replayed(this.store.undo(), this.words.undone);
  }

  redo() {
    this.replayed(this.store.redo(), this.words.redone);
  }

  replayed(step, words) {
    if (!step) return;
    this.say(filled(words, { n: step.length }));
    const index = this.store.order.findIndex((row) => row?.code === step[0].code);
    if (index >= 0) this.view.go(index, step[0].column);
  }

  /** The rows of a block, fetched where they are not there yet. */
  async rowsOf(top, bottom) {
    await this.store.ensure(top, bottom + 1);
    const rows = [];
    for (let index = top; index <= bottom; index += 1) if (this.store.row(index)) rows.push(this.store.row(index));
    return rows;
  }

  async clear() {
    const { top, bottom, left, right } = this.view.selection();
    const changes = [];
    for (const row of await this.rowsOf(top, bottom)) {
      for (let column = left; column <= right; column += 1) changes.push({ row, column, text: "" });
    }
    this.store.edit(changes);
  }

  async fillDown() {
    if (!this.store.boot.edit) return;
    const { top, bottom, left, right } = this.view.selection();
    const from = top === bottom ? top - 1 : top;
    if (from < 0) return;
    const [first, ...others] = await this.rowsOf(from, bottom);
    const changes = [];
    for (let column = left; column <= right; column += 1) {
      const text = this.store.text(first, column);
      if (text && first.cells[column] !== false) for (const row of others) changes.push({ row, column, text });
    }
    this.say(filled(this.words.filled, { n: this.store.edit(changes) }));
  }

  onPaste(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (event.target === this.field && !/[\t\n\r]/.test(text.trim())) return;
    event.preventDefault();
    if (this.isOpen) this.close();
    this.paste(text, event.clipboardData?.getData("text/html") ?? "");
  }

  async pasteByButton() {
    const held = await readClipboard();
    if (!held) this.say(this.words.blocked);
    else this.paste(held.text, held.html);
    this.view.cell()?.focus({ preventScroll: true });
  }

  async paste(text, html) {
    const { store, view, words } = this;
    if (!store.boot.edit) return this.say(words.readonly);
    if (!text.trim()) return this.say(words.nothing);
    const block = blockOf(text, html);
    const spot = this.spotFor(block);
    const rows = await this.rowsOf(spot.top, Math.min(spot.bottom, store.total - 1));
    const counts = { outside: 0, locked: 0, empty: 0 };
    const changes = [];
    for (let down = 0; down <= spot.bottom - spot.top; down += 1) {
      const line = block[down % block.length];
      for (let right = 0; right <= spot.right - spot.left; right += 1) {
        const cell = line[right % spot.width] ?? { text: "", isMerged: false };
        const row = rows[down];
        const column = spot.left + right;
        if (!row || column >= store.width) counts.outside += cell.text ? 1 : 0;
        else if (!cell.text && !cell.isMerged) counts.empty += 1;
        else if (!store.canEdit(row, column)) counts.locked += 1;
        else changes.push({ row, column, text: cell.text, fault: cell.isMerged ? "merged" : "" });
      }
    }
    const done = store.edit(changes);
    const told = Object.entries(counts).flatMap(([name, n]) => (n ? [filled(words[name], { n })] : []));
    this.say([filled(words.pasted, { n: done }), ...told].join(" "));
    view.anchor = { row: spot.top, column: spot.left };
    view.active = { row: Math.min(spot.bottom, store.total - 1), column: Math.min(spot.right, store.width - 1) };
    view.draw();
    view.cell()?.focus({ preventScroll: true });
  }

  /** Where a block goes: from the selection's corner on; a larger selection that it fits into evenly is filled with it. */
  spotFor(block) {
    const { top, bottom, left, right } = this.view.selection();
    const width = Math.max(...block.map((line) => line.length));
    const size = { rows: bottom - top + 1, columns: right - left + 1 };
    const isEven = size.rows % block.length === 0 && size.columns % width === 0;
    const rows = isEven ? size.rows : block.length;
    const columns = isEven ? size.columns : width;
    return { top, left, width, bottom: top + rows - 1, right: left + columns - 1 };
  }

  onCopy(event) {
    if (event.target === this.field) return;
    event.preventDefault();
    const { top, bottom, left, right } = this.view.selection();
    const rows = this.store.order.slice(top, bottom + 1);
    const isThere = rows.length === bottom - top + 1 && rows.every(Boolean);
    if (isThere) event.clipboardData.setData("text/plain", this.copied(rows, left, right));
    else this.rowsOf(top, bottom).then((all) => navigator.clipboard.writeText(this.copied(all, left, right)));
    if (event.type === "cut") this.clear();
  }

  copied(rows, left, right) {
    const block = rows.map((row) => {
      const texts = [];
      for (let column = left; column <= right; column += 1) texts.push(this.store.text(row, column));
      return texts;
    });
    this.say(filled(this.words.copied, { n: block.length * (right - left + 1) }));
    return tabbed(block);
  }
}
