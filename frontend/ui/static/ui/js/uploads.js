// A file larger than anything that is taken is refused beside its field, before its bytes travel and the page is left.
import { text } from "./text.js";

const MB = 1024 * 1024;

export function startUploads() {
  document.addEventListener("submit", onSubmit, true);
  document.addEventListener("change", (event) => {
    if (event.target.matches?.('input[type="file"]')) refuseLarge(event.target);
  });
}

function onSubmit(event) {
  const inputs = event.target.querySelectorAll?.('input[type="file"]') ?? [];
  const refused = [...inputs].filter(refuseLarge);
  if (!refused.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  refused[0].focus();
}

/** Say beside the field which of its files are too large; whether any is. A field may send its files one by one. */
function refuseLarge(input) {
  input.parentElement.querySelector("[data-too-large]")?.remove();
  input.removeAttribute("aria-invalid");
  const files = [...(input.files ?? [])];
  if (input.hasAttribute("data-one-by-one") || !files.length) return false;
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const largest = files.reduce((one, other) => (other.size > one.size ? other : one));
  const words = tooLarge(largest) || tooLarge({ name: `${files.length} ×`, size });
  if (!words) return false;
  input.setAttribute("aria-invalid", "true");
  input.insertAdjacentElement("afterend", refusal(words));
  return true;
}

/** What is said of a file that is larger than anything taken; empty for the others. */
export function tooLarge(file) {
  const most = Number(document.body.dataset.uploadMb);
  if (!most || file.size <= most * MB) return "";
  return text("large", { name: file.name, size: Math.ceil(file.size / MB), most });
}

/** A refusal as it stands beside a field. */
export function refusal(words) {
  const said = document.createElement("p");
  said.className = "field__error";
  said.setAttribute("role", "alert");
  said.dataset.tooLarge = "";
  said.textContent = words;
  return said;
}
