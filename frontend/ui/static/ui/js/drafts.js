// What was typed survives a reload on this device: in forms with data-draft="key", and in every other form that is sent
// and has three or more fields to type into (data-no-draft opts out). Never passwords, files or hidden fields. A draft
// comes back only onto the values it began from: what somebody changed meanwhile is not overwritten by old words.
import { text } from "./text.js";

const PREFIX = "draft:";
const WAIT = 400;
const DAY = 86400000;
const MANY = 3;
const TYPED = "input:not([type=hidden], [type=checkbox], [type=radio], [type=file], [type=submit], [type=search]), textarea, select";
const timers = new WeakMap();

export function startDrafts() {
  takeBackUnread();
  prepare(document);
  document.addEventListener("input", (event) => later(event.target.form));
  document.addEventListener("change", (event) => later(event.target.form));
  document.addEventListener("submit", onSubmit);
  document.addEventListener("htmx:load", (event) => {
    prepare(event.target);
  });
}

function prepare(root) {
  for (const form of root.querySelectorAll?.("main form[method=post]:not([data-draft], [data-no-draft], [data-resubmit], [hx-post])") ?? []) {
    const isLong = form.querySelectorAll(TYPED).length >= MANY && !form.querySelector("input[type=password]");
    if (!isLong) continue;
    form.dataset.guard ??= "";
    form.dataset.draft = `${document.getElementById("palette")?.dataset.seat ?? ""}:${location.pathname}:${placeOf(form)}`;
  }
  for (const form of root.querySelectorAll?.("form[data-draft]") ?? []) take(form);
}

// Which of a page's forms it is: where it is sent and which act it names.
function placeOf(form) {
  return [form.getAttribute("action") ?? "", form.querySelector("[name=act]")?.value ?? ""].join(":");
}

// What the server filled in: a draft fits only the form it was begun on.
function begun(form) {
  return kept(form).map((field) => (isTick(field) ? Number(field.defaultChecked) : initial(field))).join("\u0000");
}

function initial(field) {
  if (field instanceof HTMLSelectElement) return [...field.options].find((option) => option.defaultSelected)?.value ?? "";
  return field.defaultValue;
}

function key(form) {
  return PREFIX + form.dataset.draft;
}

function kept(form) {
  return [...form.elements].filter(
    (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type) && !field.hasAttribute("data-draft-skip"),
  );
}

function later(form) {
  if (!form?.dataset.draft) return;
  window.clearTimeout(timers.get(form));
  timers.set(form, window.setTimeout(() => save(form), WAIT));
}

function save(form, sent = false) {
  const values = kept(form).map((field) => [field.name, isTick(field) ? field.checked : field.value, field.value]);
  try {
    localStorage.setItem(key(form), JSON.stringify({ sent, values, at: location.pathname, on: begun(form), when: Date.now() }));
  } catch {
    // Storage full or forbidden: the page works without a draft.
  }
}

function read(form) {
  try {
    return JSON.parse(localStorage.getItem(key(form)) ?? "null");
  } catch {
    return null;
  }
}

// A form that was answered by the sign-in page was never read: its draft counts as not sent.
function takeBackUnread() {
  if (!document.referrer || !document.querySelector("input[type=password]")) return;
  const from = new URL(document.referrer);
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(PREFIX) || from.origin !== location.origin) continue;
    const draft = JSON.parse(localStorage.getItem(name));
    if (draft?.at === from.pathname) localStorage.setItem(name, JSON.stringify({ ...draft, sent: false }));
  }
}

function take(form) {
  if (form.dataset.draftTaken !== undefined) return;
  form.dataset.draftTaken = "";
  const draft = read(form);
  if (!draft) return;
  // Sent and accepted: the form that comes back without an error is a new one.
  if (draft.sent) {
    if (!form.querySelector("[aria-invalid=true]")) localStorage.removeItem(key(form));
    return;
  }
  if (draft.on !== begun(form) || Date.now() - draft.when > DAY) {
    localStorage.removeItem(key(form));
    return;
  }
  if (restore(form, draft.values)) announce(form);
}

// Fields of one name are told apart by their place: the third line's quantity is never the first one's.
function restore(form, values) {
  let changed = false;
  const places = new Map();
  for (const field of kept(form)) {
    const place = places.get(field.name) ?? 0;
    places.set(field.name, place + 1);
    const same = values.filter(([name]) => name === field.name);
    const found = isTick(field) ? same.find(([, , own]) => own === field.value) : same[place];
    if (!found) continue;
    const before = isTick(field) ? field.checked : field.value;
    if (before === found[1]) continue;
    if (isTick(field)) field.checked = found[1];
    else field.value = found[1];
    changed = true;
  }
  return changed;
}

function announce(form) {
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.dataset.kept = "";
  const words = document.createElement("span");
  words.className = "notice__body";
  words.textContent = text("draft");
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "link";
  discard.textContent = text("discard");
  discard.addEventListener("click", () => {
    localStorage.removeItem(key(form));
    form.reset();
    notice.remove();
  });
  notice.append(words, discard);
  form.before(notice);
}

function onSubmit(event) {
  const form = event.target;
  if (form.matches("[data-sign-out]")) forgetAll();
  if (!form.dataset.draft || event.defaultPrevented) return;
  window.clearTimeout(timers.get(form));
  save(form, true);
}

function forgetAll() {
  for (const name of Object.keys(localStorage)) if (name.startsWith(PREFIX)) localStorage.removeItem(name);
}

function isTick(field) {
  return field.type === "checkbox" || field.type === "radio";
}
