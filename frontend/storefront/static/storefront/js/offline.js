// The page without a connection: lines are typed or picked from the names this device knows, kept, and sent later by
// the order pad. Whose seat it is was written down when the pad was last open.
import { all } from "./shelf.js";
import { showHeld } from "./held.js";
import { keepList, showQueue, watchQueue } from "./queue.js";

const MOST_FOUND = 8;
const form = document.getElementById("offline-pad");
const text = document.getElementById("offline-text");
const find = document.getElementById("offline-find");
const list = document.getElementById("offline-found");
const words = document.getElementById("offline-words");
const seat = localStorage.getItem("pad-seat");
let goods = [];

all("goods").then((found) => {
  goods = found;
});
if (!seat) {
  words.textContent = form.dataset.none;
  form.querySelector("[type=submit]").disabled = true;
}
text.value = sessionStorage.getItem("offline-text") ?? "";
text.addEventListener("input", () => sessionStorage.setItem("offline-text", text.value));
find.addEventListener("input", show);
find.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  list.querySelector("button")?.click();
});
form.addEventListener("submit", keep);
for (const name of ["online", "offline"]) window.addEventListener(name, tell);
tellWhatWasAsked();
tell();
watchQueue();
showQueue();
showHeld(seat);

async function keep(event) {
  event.preventDefault();
  if (!text.value.trim() || !seat) return;
  await keepList({ id: crypto.randomUUID().replaceAll("-", ""), seat, text: text.value.trim() });
  text.value = "";
  sessionStorage.removeItem("offline-text");
  await showQueue();
  document.getElementById("pad-queue").scrollIntoView({ block: "nearest" });
}

function show() {
  const wanted = find.value.normalize("NFKC").trim().toLowerCase();
  const hits = wanted.length < 2 ? [] : goods.filter((one) => fits(one, wanted)).slice(0, MOST_FOUND);
  list.replaceChildren(...hits.map((one) => row(one, wanted)));
}

function fits(one, wanted) {
  return [one.code, one.name, one.name_en, one.gtin13, one.gtin14].some((word) => word.toLowerCase().includes(wanted));
}

function row(one, wanted) {
  const item = document.createElement("li");
  item.className = "list__row";
  const main = document.createElement("div");
  main.className = "list__main";
  const name = document.createElement("strong");
  name.textContent = document.documentElement.lang.startsWith("en") && one.name_en ? one.name_en : one.name;
  const spec = document.createElement("div");
  spec.className = "list__sub";
  spec.textContent = `${one.abv_tenths / 10}% ${one.volume_ml}ml×${one.bottles_per_case} · ${one.code}`;
  main.append(name, spec);
  const add = document.createElement("button");
  add.type = "button";
  add.className = "btn btn--sm";
  add.textContent = list.dataset.textAdd;
  add.setAttribute("aria-label", `${list.dataset.textAdd}: ${name.textContent}`);
  add.addEventListener("click", () => more(one, wanted));
  item.append(main, add);
  return item;
}

// One more of a line that stands there already, else a new line at the end. A bottle's barcode means bottles.
function more(one, wanted) {
  const isBottle = one.sells_in === "BOTTLE" || (one.sells_in === "BOTH" && one.gtin13 === wanted);
  const unit = isBottle ? list.dataset.unitBottle : list.dataset.unitCase;
  const lines = text.value.split("\n").filter((line) => line.trim());
  const at = lines.findIndex((line) => line.startsWith(`${one.code} `) && line.endsWith(` ${unit}`));
  if (at < 0) lines.push(`${one.code} 1 ${unit}`);
  else lines[at] = `${one.code} ${Number.parseInt(lines[at].slice(one.code.length), 10) + 1} ${unit}`;
  text.value = lines.join("\n");
  sessionStorage.setItem("offline-text", text.value);
  find.value = "";
  show();
  find.focus();
}

function tell() {
  document.getElementById("back-online").hidden = !navigator.onLine;
  document.getElementById("asked").hidden = navigator.onLine || isPad();
}

// The worker answers with this page at the address that was asked for: loading that again is the way there.
function tellWhatWasAsked() {
  for (const link of document.querySelectorAll("[data-asked]")) {
    link.href = location.href;
    link.hidden = isPad();
  }
}

function isPad() {
  return ["/pad/", "/offline/"].includes(location.pathname);
}
