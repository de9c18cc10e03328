// The order pad's one field: several lines are sent as soon as they are pasted, Enter sends what was typed, and a
// hardware scanner is somebody who types a barcode and presses Enter. Without this module the button does it.

document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("[data-pad-entry] textarea");
  if (!field || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (field.value.trim()) field.form.requestSubmit();
});

document.addEventListener("paste", (event) => {
  const field = event.target.closest?.("[data-pad-entry] textarea");
  if (!field || field.value.trim()) return;
  const pasted = event.clipboardData?.getData("text/plain") ?? "";
  if (!/[\r\n]/.test(pasted.trim())) return;
  window.setTimeout(() => field.form.requestSubmit());
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("[data-pad-entry]");
  if (!form) return;
  const field = form.querySelector("textarea");
  if (event.detail.xhr.status === 200) field.value = "";
  field.focus();
});
