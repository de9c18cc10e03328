// Double submit is harmless, unsaved changes warn, selects may send their form.
import { text } from "./text.js";
import { showToast } from "./toasts.js";

const FREE_AGAIN = 10000;

export function startForms() {
  document.addEventListener("submit", onSubmit, true);
  document.addEventListener("htmx:afterRequest", (event) => free(event.target.closest?.("form")));
  // Coming back through the browser's cache finds the buttons as they were left.
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(free));
  document.addEventListener("input", (event) => markChanged(event.target));
  document.addEventListener("change", onChange);
  document.addEventListener("click", onClick);
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-guard][data-changed]:not([data-sending])")) event.preventDefault();
  });
}

function onSubmit(event) {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("data-resubmit")) return;
  if (form.hasAttribute("data-sending")) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sending = "";
  event.submitter?.setAttribute("aria-busy", "true");
  window.setTimeout(() => free(form), FREE_AGAIN);
}

function free(form) {
  if (!form?.hasAttribute("data-sending")) return;
  delete form.dataset.sending;
  const fields = [...form.elements];
  for (const busy of fields.filter((field) => field.getAttribute("aria-busy") === "true")) busy.removeAttribute("aria-busy");
}

function markChanged(field) {
  const form = field.form;
  if (form?.hasAttribute("data-guard")) form.dataset.changed = "";
}

function onChange(event) {
  markChanged(event.target);
  if (event.target.matches("[data-autosubmit]")) event.target.form?.requestSubmit();
}

async function onClick(event) {
  const copier = event.target.closest("[data-copy]");
  if (copier) {
    await navigator.clipboard.writeText(copier.dataset.copy);
    showToast(text("copied"), "good");
  }
  if (event.target.closest("[data-print]")) window.print();
}
