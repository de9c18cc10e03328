// The order pad. Every form of it is sent through one queue, one after the other: a quantity set while a paste is under
// way waits for it instead of being lost with the lines the answer replaces. Without this module the buttons do it.
import { showToast } from "../../ui/js/toasts.js";
import { keepList, showQueue } from "./queue.js";
import { startWedge } from "./wedge.js";
import { sound } from "./sound.js";

const STEP_WAIT = 250;
const AGAIN = 4000;
// Answers that refuse nothing: the house is away, the session is over, another one has the turn. The list waits here.
const AWAY = (status) => status >= 500 || [401, 403, 408, 429].includes(status);
const steps = new Map();
const jobs = [];
let isBusy = false;
let stepTimer = 0;
let focus = null;
const open = new Set();

const entry = () => document.querySelector("[data-pad-entry]");
const field = () => document.getElementById("pad-text");
const panel = () => document.getElementById("pad-queue");

document.addEventListener("submit", onSubmit, true);
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-pad-step]");
  if (form) later(form);
});
document.addEventListener("keydown", onKey);
document.addEventListener("paste", onPaste);
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "post") return;
  for (const name of ["seen", "gifts"]) {
    const shown = document.getElementById(`pad-${name}`);
    if (shown && !(name in event.detail.parameters)) event.detail.parameters[name] = shown.value;
  }
});
document.addEventListener("htmx:beforeSwap", markFocus);
document.addEventListener("htmx:beforeSwap", markOpen);
for (const name of ["htmx:afterSwap", "htmx:oobAfterSwap"]) document.addEventListener(name, showPending);
document.addEventListener("htmx:afterSettle", giveFocusBack);
document.addEventListener("htmx:afterSettle", openAgain);
window.addEventListener("online", work);
window.addEventListener("pagehide", sendRest);
window.addEventListener("beforeunload", (event) => {
  if (steps.size && !navigator.onLine) event.preventDefault(); // what waits for the network would be gone
});
document.addEventListener("pad-sent", refresh);
startWedge(scan);

// One form after the other ---------------------------------------------------------------------------------------

function onSubmit(event) {
  const form = event.target;
  if (form.id === "pad-go") return leave(event, form);
  if (!form.matches("[data-pad-form], [data-pad-entry], #pad .refusal form, #pad-error form")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.matches("[data-pad-step]")) {
    later(form);
    return flushSteps();
  }
  if (form.matches("[data-pad-entry]")) return add();
  jobs.push({ url: form.getAttribute("action"), data: new FormData(form), form });
  work();
}

function add() {
  const text = field().value;
  if (!text.trim()) return;
  const key = entry().elements.key;
  jobs.push({ url: entry().getAttribute("action"), data: new FormData(entry()), text, key: key.value, isTyped: true });
  key.value = crypto.randomUUID().replaceAll("-", "");
  field().value = "";
  work();
}

function scan(code) {
  const data = new FormData(entry());
  data.set("text", code);
  data.set("scan", "1");
  data.set("key", crypto.randomUUID().replaceAll("-", ""));
  jobs.push({ url: entry().getAttribute("action"), data, text: code, key: data.get("key") });
  work();
}

function later(form) {
  const name = form.closest(".pad__line").id;
  steps.set(name, { url: form.getAttribute("action"), data: new FormData(form), quantity: form.elements.quantity.value, unit: form.elements.quantity_unit?.value });
  window.clearTimeout(stepTimer);
  stepTimer = window.setTimeout(flushSteps, STEP_WAIT);
}

function flushSteps() {
  window.clearTimeout(stepTimer);
  for (const [name, step] of steps) {
    if (step.isQueued) continue;
    step.isQueued = true;
    jobs.push({ ...step, name, step });
  }
  work();
}

async function work() {
  if (isBusy) return;
  isBusy = true;
  document.getElementById("pad")?.setAttribute("aria-busy", "true");
  while (jobs.length && (await send(jobs[0]))) jobs.shift();
  isBusy = false;
  document.getElementById("pad")?.removeAttribute("aria-busy");
  if (jobs.length) window.setTimeout(work, AGAIN);
}

/** Whether the job is done with: answered, refused, or kept for later. */
async function send(job) {
  if (job.name) {
    job.step.isQueued = false;
    if (steps.get(job.name) === job.step) steps.delete(job.name);
    const was = document.getElementById(job.name)?.querySelector("[name=was]");
    if (was) job.data.set("was", was.value);
  }
  let status = 0;
  const heed = ({ detail }) => {
    if (job.key && detail.requestConfig.formData?.get("key") === job.key) status = detail.xhr.status;
  };
  document.addEventListener("htmx:afterRequest", heed);
  try {
    if (!navigator.onLine) throw new Error("offline");
    await window.htmx.ajax("POST", job.url, { target: "#pad", swap: "none", values: job.data });
    if (job.text && AWAY(status)) throw new Error(String(status));
    if (job.isTyped && status >= 400) giveBack(job.text);
  } catch {
    return failed(job);
  } finally {
    document.removeEventListener("htmx:afterRequest", heed);
    job.form?.removeAttribute("data-sending");
    job.form?.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
  return true;
}

/** What was refused goes back into the field, before whatever was typed since. */
function giveBack(text) {
  field().value = [text, field().value].filter((part) => part.trim()).join("\n");
}

async function failed(job) {
  if (job.text) {
    await keepList({ id: job.key, seat: document.getElementById("app-facts").dataset.seat, text: job.text });
    showQueue();
    showToast(panel().dataset.textKept, "warn");
    return true;
  }
  if (job.name && !steps.has(job.name)) steps.set(job.name, Object.assign(job.step, { isQueued: true }));
  if (job.name) steps.get(job.name).isWaiting = true;
  showPending();
  return false;
}

async function refresh() {
  await window.htmx.ajax("GET", location.pathname + location.search, { target: "#pad", swap: "outerHTML" });
}

function leave(event, form) {
  if (!isBusy && !jobs.length && !steps.size) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  flushSteps();
  if (!navigator.onLine) return showToast(panel().dataset.textWait, "warn");
  const again = () => (isBusy || jobs.length ? window.setTimeout(again, 60) : (document.getElementById("pad-go") ?? form).requestSubmit());
  again();
}

function sendRest() {
  // A list carries its key: sent twice it is added once. What else is under way now has left already.
  const rest = isBusy && !jobs[0]?.text ? jobs.slice(1) : jobs;
  for (const job of [...rest, ...[...steps.values()].filter((one) => !one.isQueued)]) navigator.sendBeacon(job.url, job.data);
}

// What the answer replaced keeps what was set meanwhile, and the focus -----------------------------------------------

function showPending() {
  for (const [name, step] of steps) {
    const form = document.getElementById(name)?.querySelector("[data-pad-step]");
    if (!form) continue;
    form.elements.quantity.value = step.quantity;
    if (form.elements.quantity_unit && step.unit) form.elements.quantity_unit.value = step.unit;
    if (step.isWaiting) markWaiting(document.getElementById(name));
  }
}

/** A line whose quantity could not be saved says so; the answer that saves it replaces the line. */
function markWaiting(line) {
  if (line.querySelector("[data-waits]")) return;
  const words = document.createElement("p");
  words.className = "pad__waits";
  words.dataset.waits = "";
  words.setAttribute("role", "status");
  line.append(words);
  words.textContent = panel().dataset.textStep;
}

function markFocus() {
  const line = document.activeElement?.closest?.(".pad__line");
  if (!line) return;
  const parts = [...line.querySelectorAll("input:not([type=hidden]), select, button, a")];
  const all = [...document.querySelectorAll(".pad__line")];
  focus = { name: line.id, part: parts.indexOf(document.activeElement), place: all.indexOf(line) };
}

function giveFocusBack() {
  if (!focus || (document.activeElement && document.activeElement !== document.body)) return;
  const all = [...document.querySelectorAll(".pad__line")];
  const line = document.getElementById(focus.name) ?? all[Math.min(focus.place, all.length - 1)];
  const parts = line ? [...line.querySelectorAll("input:not([type=hidden]), select, button, a")] : [];
  (parts[focus.part] ?? parts[0] ?? field()).focus({ preventScroll: true });
  focus = null;
}

/** Fold-outs the reader opened stay open: an answer replaces them with what holds by now. */
function markOpen() {
  for (const fold of document.querySelectorAll(".pad__why[open]")) open.add(fold.parentElement.id);
}

function openAgain() {
  for (const name of open) document.getElementById(name)?.querySelector(".pad__why")?.setAttribute("open", "");
  open.clear();
}

// Keys ---------------------------------------------------------------------------------------------------------------

function onKey(event) {
  if (event.isComposing) return;
  const target = event.target;
  if (target === field() && event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    add();
  } else if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !target.matches("textarea, input")) {
    const undo = document.querySelector("[data-pad-undo]");
    if (!undo) return;
    event.preventDefault();
    undo.requestSubmit();
  } else if (target.matches("[data-pad-step] input")) {
    onQuantityKey(event);
  }
}

function onQuantityKey(event) {
  const inputs = [...document.querySelectorAll(".pad__line [data-pad-step] input[name=quantity]")];
  const at = inputs.indexOf(event.target);
  const next = { ArrowDown: inputs[at + 1], ArrowUp: inputs[at - 1], Enter: inputs[at + 1] ?? field(), Escape: field() }[event.key];
  if (next) {
    event.preventDefault();
    next.focus();
  } else if (event.key === "Delete" && event.shiftKey) {
    event.preventDefault();
    event.target.closest(".pad__line").querySelector(".pad__drop").requestSubmit();
  }
}

function onPaste(event) {
  const isField = event.target === field();
  if (!isField && event.target.matches?.("input, textarea, select")) return;
  const pasted = event.clipboardData?.getData("text/plain") ?? "";
  if (!/[\r\n]/.test(pasted.trim()) || (isField && field().value.trim())) return;
  event.preventDefault();
  field().value = pasted;
  add();
}

document.addEventListener("scanned", (event) => sound(event.detail.tone));
