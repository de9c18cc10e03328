// The portal as an app: the worker that answers without a connection, names for an offline pad, lists that wait to be
// sent, the hint to put it on the home screen. Signing out forgets what belongs to a person.
import { showToast } from "../../ui/js/toasts.js";
import { sendAll, showQueue, watchQueue } from "./queue.js";
import { fill } from "./shelf.js";
import { startSuggestions } from "./suggest.js";

const facts = document.getElementById("app-facts").dataset;
const DAY = 24 * 3600 * 1000;
const HINT_PAUSE = 60 * DAY;
const PAD_WAIT = 1500;
const PAD_PAUSE = 20 * 1000;
const PAD_OLD = 5 * 60 * 1000;
let padTimer = 0;
let padTried = 0;
let padAsked = 0;
let padKept = 0;
let isOut = false;
let isLeaving = false;

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(facts.worker, { scope: "/" }).then(
    () => navigator.serviceWorker.ready.then((found) => found.active?.postMessage("fill")),
    () => {}, // a browser that forbids workers still has the pages
  );
}
watchQueue();
showQueue();
sendAll();
if (facts.goods) keepNames();
if (facts.kept) startPad();
else fill("pads", []).catch(() => {}); // this seat orders nothing: another one's pad does not stay
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) forget();
});
document.addEventListener("pad-sent", (event) => {
  if (!document.getElementById("pad")) for (const words of event.detail.told) showToast(words, "good");
});
startHint();
startSuggestions();

/** Once a day, for the seat that is signed in now. */
async function keepNames() {
  const last = Number(localStorage.getItem("pad-goods-at") ?? 0);
  if (localStorage.getItem("pad-seat") === facts.seat && Date.now() - last < DAY) return;
  try {
    const answer = await fetch(facts.goods, { redirect: "error" });
    if (!answer.ok) return;
    await fill("goods", (await answer.json()).goods);
    localStorage.setItem("pad-seat", facts.seat);
    localStorage.setItem("pad-goods-at", String(Date.now()));
  } catch {
    // No connection, or no room on the device: tried again on the next page.
  }
}

/**
 * The pad for a page without a connection. The server prices all of it for that, so it is asked once in PAD_PAUSE at
 * most: after changes, when the page is put away with changes not kept yet, and when what is kept is old.
 */
function startPad() {
  const [seat, at] = padKeptAt();
  if (seat !== facts.seat) fill("pads", []).catch(() => {});
  if (document.getElementById("pad")) padChanged(); // a form may have led here
  else if (seat !== facts.seat || Date.now() - at > PAD_OLD || localStorage.getItem("pad-changed")) keepPadSoon();
  for (const name of ["pad-sent", "scanned"]) document.addEventListener(name, padChanged);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig?.verb === "post") padChanged();
  });
  window.addEventListener("pagehide", () => (isLeaving = true)); // the next page keeps it: here the answer would be lost
  window.addEventListener("pageshow", () => (isLeaving = false));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && !isLeaving && localStorage.getItem("pad-changed")) keepPad();
  });
}

/** Whose pad is kept, and since when (0: never). */
function padKeptAt() {
  const [seat, at] = (localStorage.getItem("pad-kept") ?? "").split(" ");
  return [seat, Number(at ?? 0)];
}

function padChanged() {
  if (!isOut) localStorage.setItem("pad-changed", facts.seat);
  keepPadSoon();
}

function keepPadSoon() {
  const [seat, at] = padKeptAt();
  const rest = Math.max(padTried, seat === facts.seat ? at : 0) + PAD_PAUSE - Date.now();
  window.clearTimeout(padTimer);
  padTimer = window.setTimeout(keepPad, Math.min(Math.max(rest, PAD_WAIT), PAD_PAUSE));
}

async function keepPad() {
  window.clearTimeout(padTimer);
  if (!navigator.onLine || isOut) return;
  const asked = ++padAsked;
  padTried = Date.now();
  localStorage.removeItem("pad-changed");
  try {
    const answer = await fetch(facts.kept, { redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const at = Date.now();
    const found = await answer.json();
    if (isOut || asked < padKept) return; // an answer that was overtaken would bring the older pad back
    padKept = asked;
    await fill("pads", [{ ...found, at }]);
    localStorage.setItem("pad-kept", `${facts.seat} ${at}`);
  } catch {
    // No connection, or no room on the device: tried again on the next page.
    if (!isOut) localStorage.setItem("pad-changed", facts.seat);
  }
}

function forget() {
  isOut = true;
  for (const name of ["pad-seat", "pad-goods-at", "pad-kept", "pad-changed"]) localStorage.removeItem(name);
  sessionStorage.removeItem("offline-text");
  for (const store of ["goods", "pads"]) fill(store, []).catch(() => {});
}

// A browser says itself when it would install; on an iPhone it is done by hand.
function startHint() {
  const hint = document.getElementById("install-hint");
  if (!hint || matchMedia("(display-mode: standalone)").matches || Date.now() - Number(localStorage.getItem("install-hint-at") ?? 0) < HINT_PAUSE) return;
  let asked = null;
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    asked = event;
    hint.hidden = false;
    hint.querySelector("[data-install]").hidden = false;
  });
  if (/iPhone|iPad/.test(navigator.userAgent) && !navigator.standalone) {
    hint.hidden = false;
    hint.querySelector("[data-by-hand]").hidden = false;
  }
  hint.addEventListener("click", async (event) => {
    if (event.target.closest("[data-install]")) await asked?.prompt();
    if (!event.target.closest("[data-install], [data-later]")) return;
    localStorage.setItem("install-hint-at", String(Date.now()));
    hint.hidden = true;
  });
}
