// The portal as an app: the worker that answers without a connection, names for an offline pad, lists that wait to be
// sent, the hint to put it on the home screen. Signing out forgets what belongs to a person.
import { showToast } from "../../ui/js/toasts.js";
import { sendAll, showQueue, watchQueue } from "./queue.js";
import { fill } from "./shelf.js";
import { startSuggestions } from "./suggest.js";

const facts = document.getElementById("app-facts").dataset;
const DAY = 24 * 3600 * 1000;
const HINT_PAUSE = 60 * DAY;

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

function forget() {
  for (const name of ["pad-seat", "pad-goods-at"]) localStorage.removeItem(name);
  sessionStorage.removeItem("offline-text");
  fill("goods", []).catch(() => {});
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
