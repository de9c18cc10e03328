// The pad as this device saw it last, on the page without a connection. What is changed there waits in the queue, one
// entry for all lines, and is sent once when there is a connection; each line says what it held when it was seen.
import { all, drop, put } from "./shelf.js";
import { element, showQueue, stamp, whileNoneIsSent } from "./queue.js";
import { filled } from "../../ui/js/text.js";

const SHOWN_FOR = 3 * 24 * 3600 * 1000;
const place = () => document.getElementById("held");
let work = Promise.resolve();

/** Show the pad of `seat`, where this device keeps one that is not too old. */
export async function showHeld(seat) {
  const pad = (await all("pads")).find((one) => one.seat === seat && Date.now() - one.at < SHOWN_FOR);
  if (!pad || pad.lines.length === 0) return;
  await draw(pad);
  place().hidden = false;
  document.addEventListener("pad-forgot", () => draw(pad)); // what waited may have been a change of these lines
  place().addEventListener("change", (event) => heed(pad, event.target.closest("li")));
  place().addEventListener("click", (event) => {
    const line = event.target.closest("[data-held-drop]")?.closest("li");
    if (!line) return;
    line.querySelector("[data-stepper] input").value = "0";
    heed(pad, line);
  });
}

async function draw(pad) {
  const list = await waiting(pad.seat);
  place().querySelector("[data-held-at]").textContent = filled(place().dataset.textAt, { at: stamp(pad.at) });
  place().querySelector("[data-held-lines]").replaceChildren(...pad.lines.map((line, at) => row(pad, line, at + 1, list)));
  showSum(pad, list);
}

function row(pad, line, number, list) {
  const kind = line.sku ? line.unit : "aside";
  const made = document.getElementById(`held-${kind}`).content.firstElementChild.cloneNode(true);
  for (const named of made.querySelectorAll("[aria-label*='{name}']")) named.setAttribute("aria-label", named.getAttribute("aria-label").replace("{name}", line.name));
  made.dataset.at = String(number - 1);
  made.querySelector(".pad__no").textContent = String(number);
  made.querySelector("strong").textContent = line.name;
  made.querySelector(".list__sub").textContent = line.sku ? `${line.spec} · ${line.sku}` : line.spec;
  made.querySelector(".pad__price").textContent = line.price || "—";
  made.querySelector(".pad__amt").textContent = line.amount || "—";
  if (!line.sku) made.querySelector(".pad__qty").textContent = line.counted || "—";
  else mark(made, line, wantedOf(line, list));
  return made;
}

/** What the line holds now, and that it is not saved where it holds something else than was seen. */
function mark(made, line, quantity) {
  made.querySelector("[data-stepper] input").value = String(quantity);
  made.querySelector("[data-waits]")?.remove();
  made.querySelector(".pad__amt").textContent = quantity === line.quantity ? line.amount || "—" : "—";
  if (quantity === line.quantity) return;
  const words = place().dataset;
  const waits = element("p", "pad__waits", filled(quantity === 0 ? words.textGone : words.textWas, { counted: line.counted }));
  Object.assign(waits.dataset, { waits: "" });
  waits.setAttribute("role", "status");
  made.append(waits);
}

function heed(pad, made) {
  const line = pad.lines[Number(made?.dataset.at)];
  const input = made?.querySelector("[data-stepper] input");
  if (!line?.sku || !input) return;
  const typed = Number.parseInt(input.value.normalize("NFKC").replace(/[,\s]/g, ""), 10);
  const quantity = Number.isNaN(typed) || typed < 0 ? line.quantity : typed;
  mark(made, line, quantity);
  work = work.then(() => whileNoneIsSent(() => keep(pad, line, quantity))).catch(() => {});
}

async function keep(pad, line, quantity) {
  const found = await waiting(pad.seat);
  const list = found ?? { id: crypto.randomUUID().replaceAll("-", ""), seat: pad.seat, text: "", lines: [], state: "waiting", said: "" };
  list.at = Date.now();
  list.lines = list.lines.filter((one) => !isOf(line, one));
  if (quantity !== line.quantity) list.lines.push([line.sku, line.unit, line.quantity, quantity]);
  if (list.lines.length) await put("lists", list);
  else await drop("lists", list.id);
  showSum(pad, list);
  await showQueue();
}

function showSum(pad, list) {
  const isSeen = pad.total && !list?.lines.length;
  place().querySelector("[data-held-sum]").textContent = isSeen ? filled(place().dataset.textTotal, { total: pad.total }) : "";
}

async function waiting(seat) {
  return (await all("lists")).find((one) => one.seat === seat && one.state === "waiting" && one.lines);
}

const isOf = (line, [sku, unit]) => line.sku === sku && line.unit === unit;
const wantedOf = (line, list) => list?.lines.find((one) => isOf(line, one))?.[3] ?? line.quantity;
