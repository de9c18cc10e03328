// Passing words. They stay while the pointer or the focus is on them; bad news stays until it is dismissed.
import { text } from "./text.js";

const STAY = 6000;

export function startToasts() {
  document.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest("[data-toast]")?.remove();
  });
  const region = document.getElementById("toasts");
  if (!region) return;
  for (const toast of region.querySelectorAll("[data-toast]")) leaveLater(toast);
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) if (node instanceof HTMLElement && node.matches("[data-toast]")) takePlace(region, node);
    }
  }).observe(region, { childList: true });
  for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => showToast(text("failed"), "bad"));
  document.addEventListener("htmx:responseError", () => showToast(text("broken"), "bad"));
}

/** Show words of the page's language as a toast; tone: "", good, warn, bad. */
export function showToast(words, tone = "") {
  const region = document.getElementById("toasts");
  if (!region || !words) return;
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.setAttribute("role", tone === "bad" ? "alert" : "status");
  toast.dataset.toast = "";
  toast.dataset.tone = tone;
  const said = document.createElement("span");
  said.textContent = words;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast__close";
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", text("dismiss"));
  close.textContent = "×";
  toast.append(said, close);
  region.append(toast);
}

// The newest word takes the place of those before it; only bad news stays until it is dismissed.
function takePlace(region, toast) {
  for (const other of region.querySelectorAll("[data-toast]")) if (other !== toast && other.dataset.tone !== "bad") other.remove();
  leaveLater(toast);
}

function leaveLater(toast) {
  if (toast.dataset.tone === "bad") return;
  window.setTimeout(() => {
    if (toast.matches(":hover, :focus-within")) leaveLater(toast);
    else toast.remove();
  }, STAY);
}
