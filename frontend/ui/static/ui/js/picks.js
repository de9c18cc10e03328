// Several things chosen by search: <textarea data-picks="URL"> of lines "code name" becomes a box to search in, with what
// is chosen above it. The area stays what is sent, drafted and compared; without a script it is typed into.
// With data-most="1" what is chosen takes the place of what was. What is typed and not picked is sent as a line of its own,
// so that the server finds it or says so; of several lines that are pasted each becomes one.
// Words: data-text-find (the box), data-text-remove ("Remove {name}"), data-text-none.
import { filled } from "./text.js";

const WAIT = 150;

function start(area) {
  const parts = drawn(area);
  const state = { area, ...parts, timer: 0, asking: null };
  parts.box.addEventListener("input", () => {
    window.clearTimeout(state.timer);
    state.timer = window.setTimeout(() => ask(state), WAIT);
  });
  parts.box.addEventListener("keydown", (event) => onKey(state, event));
  parts.box.addEventListener("paste", (event) => onPaste(state, event));
  parts.box.addEventListener("focusout", () => window.setTimeout(() => root(state).contains(document.activeElement) || hide(state)));
  parts.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  parts.list.addEventListener("click", (event) => pick(state, event.target.closest("[role=option]")));
  parts.chosen.addEventListener("click", (event) => drop(state, event.target.closest("button")));
  for (const kind of ["input", "change"]) area.addEventListener(kind, () => draw(state));
  area.form?.addEventListener("reset", () => window.setTimeout(() => draw(state)));
  area.form?.addEventListener("submit", () => take(state));
  draw(state);
}

function drawn(area) {
  const whole = element("div", "picks");
  const chosen = element("ul", "picks__chosen");
  const place = element("div", "picks__place");
  const box = element("input", "input");
  const list = element("div", "suggest float");
  Object.assign(box, { id: `${area.id}_find`, type: "search", autocomplete: "off", placeholder: area.dataset.textFind ?? "" });
  Object.assign(list, { id: `${area.id}_list`, hidden: true });
  list.setAttribute("role", "listbox");
  const said = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(said)) box.setAttribute(name, value);
  for (const name of ["aria-describedby", "aria-invalid"]) if (area.hasAttribute(name)) box.setAttribute(name, area.getAttribute(name));
  const label = document.querySelector(`label[for="${area.id}"]`);
  if (label) label.htmlFor = box.id;
  list.setAttribute("aria-label", label?.textContent.trim() ?? "");
  place.append(box, list);
  whole.append(chosen, place);
  area.hidden = true;
  area.after(whole);
  return { box, list, chosen };
}

function element(name, className) {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

const root = (state) => state.box.closest(".picks");
const cut = (text) => text.split(/[\r\n]+/).map((line) => line.replace(/\s+/g, " ").trim()).filter(Boolean);
const linesOf = (area) => cut(area.value);
const isSingle = (state) => state.area.dataset.most === "1";
const codeOf = (line) => line.split(" ")[0];
const optionsOf = (state) => [...state.list.querySelectorAll("[role=option]")];
const chosenOf = (state) => state.list.querySelector("[aria-selected=true]");

function draw(state) {
  const chips = linesOf(state.area).map((line) => {
    const row = document.createElement("li");
    const button = element("button", "chip");
    button.type = "button";
    button.dataset.line = line;
    button.textContent = line.slice(codeOf(line).length).trim() || line;
    button.title = line;
    button.setAttribute("aria-label", filled(state.area.dataset.textRemove ?? "{name}", { name: line }));
    const mark = element("span", "picks__x");
    mark.setAttribute("aria-hidden", "true");
    button.append(mark);
    row.append(button);
    return row;
  });
  state.chosen.replaceChildren(...chips);
  state.chosen.hidden = chips.length === 0;
}

async function ask(state) {
  state.asking?.abort();
  state.asking = new AbortController();
  const words = state.box.value.trim();
  if (!words) return hide(state);
  try {
    const url = `${state.area.dataset.picks}?${new URLSearchParams({ q: words })}`;
    const answer = await fetch(url, { signal: state.asking.signal, headers: { "X-Requested-With": "fetch" } });
    if (answer.redirected || !answer.ok) throw new Error(String(answer.status));
    show(state, await answer.text());
  } catch (error) {
    if (error.name !== "AbortError") hide(state);
  }
}

function show(state, html) {
  state.list.innerHTML = html;
  const held = new Set(linesOf(state.area).map(codeOf));
  for (const [place, option] of optionsOf(state).entries()) {
    option.id = `${state.list.id}_${place}`;
    if (held.has(codeOf(option.dataset.line))) option.setAttribute("aria-disabled", "true");
  }
  if (!optionsOf(state).length) {
    const said = element("p", "palette__none");
    said.textContent = state.area.dataset.textNone ?? "";
    state.list.append(said);
  }
  state.list.hidden = false;
  state.box.setAttribute("aria-expanded", "true");
  choose(state, optionsOf(state).find(isFree) ?? null);
}

function hide(state) {
  state.list.hidden = true;
  state.box.setAttribute("aria-expanded", "false");
  state.box.removeAttribute("aria-activedescendant");
}

const isFree = (option) => option.getAttribute("aria-disabled") !== "true";

function choose(state, option) {
  for (const one of optionsOf(state)) one.setAttribute("aria-selected", String(one === option));
  if (option) state.box.setAttribute("aria-activedescendant", option.id);
  else state.box.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function onKey(state, event) {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Enter") {
    event.preventDefault(); // never sends the form from here
    if (!state.list.hidden) pick(state, chosenOf(state));
  } else if (event.key === "Escape" && !state.list.hidden) {
    event.preventDefault();
    hide(state);
  } else if (event.key === "Backspace" && !state.box.value) {
    drop(state, state.chosen.querySelector("li:last-child button"));
  } else if (step && !state.list.hidden) {
    event.preventDefault();
    const free = optionsOf(state).filter(isFree);
    if (free.length) choose(state, free[(free.indexOf(chosenOf(state)) + step + free.length) % free.length]);
  }
}

function pick(state, option) {
  if (!option || !isFree(option)) return;
  add(state, [option.dataset.line]);
  state.box.value = "";
  hide(state);
  state.box.focus();
}

// A search still under way would open its list over what was just taken.
function take(state) {
  window.clearTimeout(state.timer);
  state.asking?.abort();
  const typed = cut(state.box.value);
  if (!typed.length) return;
  state.box.value = "";
  hide(state);
  add(state, typed);
}

// A column of a table; a single line is searched for as if it were typed.
function onPaste(state, event) {
  const lines = cut(event.clipboardData?.getData("text/plain") ?? "");
  if (lines.length < 2 || isSingle(state)) return;
  event.preventDefault();
  add(state, lines);
}

function add(state, lines) {
  put(state, isSingle(state) ? lines : [...new Set([...linesOf(state.area), ...lines])]);
}

function drop(state, button) {
  if (!button) return;
  put(state, linesOf(state.area).filter((line) => line !== button.dataset.line));
  state.box.focus();
}

function put(state, lines) {
  state.area.value = lines.join("\n");
  state.area.dispatchEvent(new Event("change", { bubbles: true })); // drafts, guards and previews hear it; draw too
}

for (const area of document.querySelectorAll("textarea[data-picks]")) start(area);
