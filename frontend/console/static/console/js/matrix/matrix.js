// The price matrix: a spreadsheet of SKU × list. Starts the parts and joins them to the page around the grid.
import { filled } from "../../../ui/js/text.js";
import { showToast } from "../../../ui/js/toasts.js";
import { Editing } from "./editing.js";
import { Saving } from "./saving.js";
import { Sheet } from "./sheet.js";
import { Store } from "./store.js";
import { View } from "./view.js";

const SOON = 250;
const find = (id) => document.getElementById(id);
const grid = find("mx");

if (grid) {
  const { boot, words } = find("mx-facts").dataset;
  start(JSON.parse(boot), JSON.parse(words));
}

function start(boot, words) {
  const store = new Store(boot);
  const restored = store.restore();
  const view = new View(grid, store, words);
  const form = find("mx-form");
  const query = () => ({ q: form.elements.q.value.trim(), line: form.elements.line.value });
  Object.assign(store.query, query(), { only: new URLSearchParams(location.search).get("only") ?? "" });
  const say = (said) => {
    find("mx-live").textContent = said;
    if (find("mx-said")) find("mx-said").textContent = said;
  };
  let doubted = new Set();
  const saving = new Saving(store, words, (doubts, saved, houses) => {
    doubted = new Set(doubts);
    askAbout(store, doubts, words, { saved, houses });
  });
  const save = async (asked) => {
    const options = boot.byRounds ? { ...asked, round: true } : asked;
    const { said, tone, at } = await saving.save(options);
    if (said) say(said);
    if (said && tone === "good" && !options?.isQuiet) showToast(said, "good");
    if (said && tone === "bad") showToast(said, "bad");
    if (at) goTo(at);
  };
  const goTo = (one) => {
    const index = store.order.findIndex((row) => row?.code === one.code);
    if (index >= 0 && one.column < store.width) view.go(index, one.column);
  };
  const sheet = new Sheet(store, view, words);
  const editing = new Editing({ store, view, words, say, sheet, save });
  const draw = () => {
    view.draw();
    tell(store, words);
    editing.showFx();
  };
  store.addEventListener("rows", draw);
  store.addEventListener("changed", (event) => {
    draw();
    if (find("mx-auto")?.checked && event.detail.length) save({ isQuiet: true });
  });
  store.addEventListener("saving", () => tell(store, words, saving));
  store.addEventListener("again", () => save({ isQuiet: find("mx-auto")?.checked }));
  store.addEventListener("felt", () => {
    const { top, bottom } = view.range();
    store.refresh(top, bottom);
  });
  store.addEventListener("failed", () => showToast(words.offline, "bad"));
  store.addEventListener("expired", () => showToast(words.expired, "bad"));
  find("mx-save")?.addEventListener("click", () => save());
  find("mx-round")?.addEventListener("click", () => save({ round: true }));
  find("mx-meant").addEventListener("click", () => {
    find("mx-ask").close();
    save({ meant: doubted });
  });
  rememberAuto(boot.seat, save);
  narrow(form, store, view, query);
  draw();
  if (!boot.first) store.ask(store.query);
  if (restored) say(filled(words.draft, { n: restored }));
  tellKept(store, words);
  watchLeaving(store, view, form);
  grid.dataset.ready = "";
}

/** Count what was typed, and name what the button would do. */
function tell(store, words, saving) {
  const all = [...store.staged.values()];
  const unread = all.filter((one) => one.fault).length;
  const button = find("mx-save");
  if (button) {
    button.disabled = !all.length || Boolean(saving?.isBusy);
    button.textContent = all.length === 1 ? words.saveOne : filled(words.save, { n: all.length });
    if (!all.length) button.textContent = words.saveNone;
  }
  const round = find("mx-round");
  if (round) {
    round.disabled = !all.length || Boolean(saving?.isBusy);
    round.textContent = all.length ? filled(words.round, { n: all.length }) : words.roundNone;
  }
  const chip = find("mx-changed");
  chip.hidden = !all.length && chip.getAttribute("aria-pressed") !== "true";
  chip.textContent = [filled(words.changed, { n: all.length }), unread ? filled(words.unread, { n: unread }) : ""].filter(Boolean).join(" · ");
  for (const [id, stack] of [["mx-undo", store.done], ["mx-redo", store.undone]]) if (find(id)) find(id).disabled = !stack.length;
  const empty = find("mx-empty");
  empty.hidden = store.total > 0 || store.fetched.total === null;
  empty.textContent = words.noRows;
  grid.hidden = !empty.hidden;
}

/** What was typed and is not shown: on other lists or steps, for other days. It is kept until it is saved or let go. */
function tellKept(store, words) {
  const kept = find("mx-kept");
  const links = store.otherDays().map(([day, n]) => [filled(day ? words.keptDay : words.keptNow, { n, day }), { at: day }]);
  const lists = [...store.elsewhere.map((row) => row[1]), ...store.lists.slice(0, store.boot.shown).map((list) => list.code)];
  const steps = [...store.steps.map((step) => step.key), ...store.elsewhere.map((row) => row[2])];
  if (store.elsewhere.length) links.unshift([filled(words.keptLists, { n: store.elsewhere.length }), { list: lists, step: steps }]);
  kept.hidden = !links.length;
  if (!kept.hidden && !store.elsewhere.length) find("mx-drop").hidden = true;
  find("mx-kept-links").replaceChildren(
    ...links.map(([said, query]) => {
      const link = document.createElement("a");
      const address = new URL(location.href);
      for (const [name, values] of Object.entries(query)) {
        address.searchParams.delete(name);
        for (const value of new Set([values].flat())) if (value) address.searchParams.append(name, value);
      }
      Object.assign(link, { className: "link", href: address.href, textContent: said });
      return link;
    }),
  );
  find("mx-drop").addEventListener("click", () => {
    store.dropElsewhere();
    tellKept(store, words);
  }, { once: true });
}

function askAbout(store, doubts, words, { saved, houses }) {
  const { day } = store.boot;
  const touched = filled(day ? words.askHousesDay : words.askHouses, { n: houses, day });
  find("mx-ask-note").textContent = `${saved ? filled(words.askSaved, { n: saved }) : words.askNone} ${touched}`;
  const list = find("mx-ask-list");
  list.replaceChildren(
    ...doubts.slice(0, 50).map((one) => {
      const item = document.createElement("li");
      item.textContent = `${store.columns[one.column].list.name} · ${one.told.words}`;
      return item;
    }),
  );
  if (doubts.length > 50) {
    const more = document.createElement("li");
    more.textContent = filled(words.more, { n: doubts.length - 50 });
    list.append(more);
  }
  find("mx-ask").showModal();
}

/** "Each change at once" is kept on this device for the seat. */
function rememberAuto(seat, save) {
  const box = find("mx-auto");
  if (!box) return;
  const key = `matrix-auto:${seat}`;
  box.checked = localStorage.getItem(key) === "1";
  box.addEventListener("change", () => {
    localStorage.setItem(key, box.checked ? "1" : "0");
    if (box.checked) save({ isQuiet: true });
  });
}

/** Search, product line and chips answer without loading the page again; the address says what is shown. */
function narrow(form, store, view, query) {
  let timer;
  const again = (more = {}) => {
    const wanted = { ...store.query, ...query(), ...more };
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(wanted)) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.replaceState(null, "", address);
    find("mx-changed").setAttribute("aria-pressed", "false");
    grid.scrollTop = 0;
    view.active = view.anchor = { row: 0, column: view.active.column };
    return store.ask(wanted);
  };
  form.elements.q.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(again, SOON);
  });
  form.elements.q.addEventListener("compositionend", () => again());
  form.elements.line.addEventListener("change", () => again());
  find("mx-chips").addEventListener("click", (event) => {
    const chip = event.target.closest("a");
    if (!chip || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    for (const one of find("mx-chips").querySelectorAll("a")) one.removeAttribute("aria-current");
    chip.setAttribute("aria-current", "true");
    again({ only: new URL(chip.href).searchParams.get("only") ?? "" });
  });
  find("mx-changed").addEventListener("click", (event) => {
    const on = event.currentTarget.getAttribute("aria-pressed") !== "true";
    event.currentTarget.setAttribute("aria-pressed", String(on));
    grid.scrollTop = 0;
    view.active = view.anchor = { row: 0, column: view.active.column };
    if (on) store.showChanged(true);
    else store.ask(store.query);
  });
}

function watchLeaving(store, view, form) {
  let isOwn = false; // what was typed comes back after the page's own form
  form.addEventListener("submit", () => {
    isOwn = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (store.staged.size && !isOwn) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || store.changedOnly) return;
    const { top, bottom } = view.range();
    store.refresh(top, bottom);
  });
}
