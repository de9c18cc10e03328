// Lists entered without a connection: kept on the device, sent once when there is one, told what became of them.
// Each list carries a key of its own: sent twice, it is added once.
import { all, drop, put } from "./shelf.js";
import { filled } from "../../ui/js/text.js";

const KEPT_DAYS = 7;
const LOCK = "jiumai-pad-queue";
const panel = () => document.querySelector("[data-pad-queue]");
const facts = () => document.getElementById("app-facts")?.dataset ?? {};
const field = () => document.getElementById("pad-text");

/** Keep a list until it is sent. */
export async function keepList({ id, seat, text }) {
  await put("lists", { id, seat, text, at: Date.now(), state: "waiting", said: "" });
}

/** Let no list be sent while `work` changes what waits. */
export function whileNoneIsSent(work) {
  return navigator.locks ? navigator.locks.request(LOCK, work) : work();
}

/** Send when the connection comes back, and answer the keys of the panel. */
export function watchQueue() {
  window.addEventListener("online", sendAll);
  document.addEventListener("click", onClick);
}

/** Send what waits, in the order it was entered; `pad-sent` says what became of it. */
export async function sendAll() {
  if (!facts().sent || !navigator.onLine) return;
  const work = async (lock) => {
    if (!lock) return;
    const told = [];
    for (const list of await waiting()) told.push(await send(list));
    await showQueue();
    const said = told.filter(Boolean);
    if (said.length) document.dispatchEvent(new CustomEvent("pad-sent", { detail: { told: said } }));
  };
  if (navigator.locks) await navigator.locks.request(LOCK, { ifAvailable: true }, work);
  else await work(true);
}

async function waiting() {
  const lists = await all("lists");
  return lists.filter((list) => list.state === "waiting" && list.seat === facts().seat).sort((one, other) => one.at - other.at);
}

async function send(list) {
  const body = new FormData();
  if (list.lines) body.set("lines", JSON.stringify(list.lines));
  else body.set("text", list.text);
  body.set("key", list.id);
  body.set("seat", list.seat);
  let answer;
  try {
    answer = await fetch(facts().sent, { method: "POST", body, headers: JSON.parse(document.body.getAttribute("hx-headers")), redirect: "manual" });
  } catch {
    return "";
  }
  if (answer.status !== 200 && answer.status !== 422) return "";
  const said = await answer.json();
  await put("lists", { ...list, state: answer.status === 200 ? "sent" : "refused", said: said.told, at: Date.now() });
  return said.told;
}

/** The lists as the page shows them. */
export async function showQueue() {
  const place = panel();
  if (!place) return;
  const lists = (await all("lists")).sort((one, other) => other.at - one.at);
  const old = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
  for (const list of lists.filter((one) => one.state === "sent" && one.at < old)) await drop("lists", list.id);
  const shown = lists.filter((one) => one.state !== "sent" || one.at >= old);
  place.querySelector("[data-queue-list]").replaceChildren(...shown.map(row));
  place.hidden = shown.length === 0;
}

function row(list) {
  const words = panel().dataset;
  const isOurs = !facts().seat || list.seat === facts().seat;
  const item = element("li", "list__row");
  const main = element("div", "list__main");
  const state = element("strong", "", { waiting: words.textWaiting, sent: words.textSent, refused: words.textRefused }[list.state]);
  const count = list.lines?.length ?? list.text.split(/\r\n|\r|\n/).filter((line) => line.trim()).length;
  const sub = element("div", "list__sub", `${filled(words.textLines, { n: count })} · ${stamp(list.at)}`);
  main.append(state, sub);
  if (!isOurs || list.said) main.append(element("div", "list__sub", isOurs ? list.said : words.textOther));
  const keys = element("div", "row row--tight");
  if (isOurs && list.state === "refused" && list.text && field()) keys.append(button(words.textAgain, "again", list.id));
  if (list.state !== "waiting" || isOurs) keys.append(button(words.textForget, "forget", list.id));
  item.append(main, keys);
  item.dataset.state = list.state;
  return item;
}

async function onClick(event) {
  const key = event.target.closest?.("[data-pad-queue] button[data-deed]");
  if (!key) return;
  if (key.dataset.deed === "again") {
    const list = (await all("lists")).find((one) => one.id === key.dataset.list);
    field().value = list.text;
    field().focus();
  }
  await drop("lists", key.dataset.list);
  await showQueue();
  document.dispatchEvent(new CustomEvent("pad-forgot"));
}

function button(words, deed, list) {
  const made = element("button", "btn btn--ghost btn--sm", words);
  made.type = "button";
  Object.assign(made.dataset, { deed, list });
  return made;
}

/** An element with its classes and words. */
export function element(name, classes = "", words = "") {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  made.textContent = words;
  return made;
}

/** An instant in the reader's own time. */
export function stamp(at) {
  const day = new Date(at);
  const two = (number) => String(number).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())} ${two(day.getHours())}:${two(day.getMinutes())}`;
}
