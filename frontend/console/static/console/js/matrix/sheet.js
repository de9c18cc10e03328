// On a narrow screen a cell is edited in a sheet at the foot of it: the field, what is to be said of it, the next row.
import { judgeTyped } from "./marks.js";

export class Sheet {
  constructor(store, view, words) {
    Object.assign(this, { store, view, words });
    this.dialog = document.getElementById("mx-sheet");
    this.field = document.getElementById("mx-sheet-value");
    this.note = document.getElementById("mx-sheet-note");
    document.getElementById("mx-sheet-ok").addEventListener("click", () => this.enter());
    document.getElementById("mx-sheet-next").addEventListener("click", () => this.next());
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      this.enter();
    });
    this.field.addEventListener("input", () => this.tell());
  }

  /** Whether the screen is narrow: a tap opens the sheet. */
  static get isUsed() {
    return window.matchMedia("(max-width: 47.99rem)").matches;
  }

  open() {
    const { row: index, column } = this.view.active;
    const row = this.store.row(index);
    if (!row || !this.store.mayEdit(row, column)) return false;
    const { list, step } = this.store.columns[column];
    document.getElementById("mx-sheet-t").textContent = row.name;
    document.getElementById("mx-sheet-sub").textContent = `${list.name} · ${list.sub} · ${step.label}`;
    this.field.value = this.store.text(row, column);
    this.tell();
    if (!this.dialog.open) this.dialog.showModal();
    this.field.select();
    return true;
  }

  tell() {
    const { row: index, column } = this.view.active;
    const row = this.store.row(index);
    const found = judgeTyped(this.store, this.words, row, column, this.field.value);
    const isGuarded = this.store.isGuarded(row, column);
    this.note.textContent = isGuarded ? `${found.words} · ${this.words.takesOver}` : found.words;
    this.note.dataset.tone = found.tone;
  }

  put() {
    const { row: index, column } = this.view.active;
    const row = this.store.row(index);
    if (!row || this.field.value.trim() === this.store.text(row, column)) return;
    this.store.makeOwn(row, column);
    this.store.edit([{ row, column, text: this.field.value.trim() }]);
  }

  enter() {
    this.put();
    this.dialog.close();
    this.view.cell()?.focus({ preventScroll: true });
  }

  async next() {
    this.put();
    const { row, column } = this.view.active;
    this.view.go(row + 1, column, { focus: false });
    await this.store.ensure(row + 1, row + 2);
    if (!this.open()) this.dialog.close();
  }
}
