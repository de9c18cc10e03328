// Pictures of a product: chosen or dropped files are sent one by one, what is said of each stands beside the field, and
// the rest of the page keeps what was typed. Dragged pictures take their new place and are kept.
import { filled } from "../../ui/js/text.js";
import { refusal, tooLarge } from "../../ui/js/uploads.js";

const NAME = "#pictures";
let moved = null;

const section = () => document.querySelector(NAME);
const drop = (event) => event.target.closest?.("[data-drop]");

start();

document.addEventListener("change", (event) => {
  const form = drop(event);
  if (form && event.target.type === "file" && event.target.files.length) send(form, [...event.target.files]);
});
document.addEventListener("submit", (event) => {
  const form = drop(event);
  if (!form) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const files = [...form.querySelector('input[type="file"]').files];
  if (files.length) send(form, files);
}, true);

document.addEventListener("dragover", (event) => {
  const form = drop(event);
  if (form && event.dataTransfer?.types.includes("Files")) {
    event.preventDefault();
    form.dataset.over = "";
  }
  const under = event.target.closest?.("[data-picture]");
  if (!moved || !under) return;
  event.preventDefault();
  if (under === moved) return;
  const box = under.getBoundingClientRect();
  under[event.clientX < box.left + box.width / 2 ? "before" : "after"](moved);
});
document.addEventListener("dragleave", (event) => delete drop(event)?.dataset.over);
document.addEventListener("dragstart", (event) => {
  moved = event.target.closest?.("[data-picture]") ?? null;
  if (moved) event.dataTransfer.effectAllowed = "move";
});
document.addEventListener("drop", (event) => {
  const form = drop(event);
  if (form && event.dataTransfer?.files.length) {
    event.preventDefault();
    delete form.dataset.over;
    send(form, [...event.dataTransfer.files]);
  }
  if (!moved) return;
  event.preventDefault();
  moved = null;
  const arrange = document.querySelector("[data-arrange]");
  arrange.querySelectorAll("[data-place]").forEach((input, place) => {
    input.value = String(place + 1);
  });
  arrange.requestSubmit();
});

/** With this module a choice is sent at once: the field's own words, in the browser's language, and its button go. */
function start() {
  const form = document.querySelector("[data-drop]");
  if (form) form.dataset.live = "";
}

async function send(form, files) {
  if (form.hasAttribute("data-busy")) return;
  form.dataset.busy = "";
  const said = form.querySelector("[data-said]");
  const refusals = [];
  const before = standing(document);
  let answered = null;
  for (const [place, file] of files.entries()) {
    const words = tooLarge(file);
    if (words) {
      refusals.push(words);
      continue;
    }
    said.textContent = `${file.name} · ${place + 1} / ${files.length}`;
    const answer = await sent(form, file);
    if (!answer) refusals.push(`${file.name}: ${document.body.dataset.textFailed}`);
    else answered = answer;
    refusals.push(...[...(answer?.querySelectorAll("[data-fault]") ?? [])].map((one) => one.textContent));
  }
  show(answered, refusals, answered ? standing(answered) - before : 0);
}

/** How many pictures stand there. */
function standing(within) {
  return within.querySelectorAll("[data-picture]").length;
}

/** The section as it is after one file; nothing where no answer came. */
async function sent(form, file) {
  const body = new FormData(form);
  body.delete("picture");
  body.append("picture", file);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector(NAME);
  } catch {
    return null;
  }
}

function show(answered, refusals, taken) {
  if (answered) section().replaceWith(document.adoptNode(answered));
  const form = document.querySelector("[data-drop]");
  delete form.dataset.busy;
  start();
  form.querySelector('input[type="file"]').value = "";
  form.querySelector("[data-said]").textContent = taken > 0 ? filled(form.dataset.taken, { n: taken }) : "";
  form.querySelectorAll("[data-fault], [data-too-large]").forEach((old) => old.remove());
  form.append(...refusals.map(refusal));
}
