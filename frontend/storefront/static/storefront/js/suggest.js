// Suggestions under a search box (combobox with a list of links): htmx brings them, here the keys and the closing.
export function startSuggestions() {
  document.addEventListener("htmx:afterSwap", (event) => {
    const box = boxOf(event.target);
    if (box && document.activeElement === box) show(box);
  });
  document.addEventListener("keydown", onKey);
  document.addEventListener("focusin", (event) => {
    for (const box of boxes()) {
      if (event.target === box) show(box);
      else if (!listOf(box).contains(event.target)) hide(box);
    }
  });
  document.addEventListener("pointerdown", (event) => {
    for (const box of boxes()) if (!box.form.contains(event.target)) hide(box);
  });
}

const boxes = () => document.querySelectorAll("[data-suggest]");
const listOf = (box) => document.getElementById(box.getAttribute("aria-controls"));
const optionsOf = (box) => [...listOf(box).querySelectorAll("[role=option]")];
const boxOf = (list) => (list.id ? document.querySelector(`[data-suggest][aria-controls="${list.id}"]`) : null);

function show(box) {
  const some = optionsOf(box).length > 0;
  listOf(box).hidden = !some;
  box.setAttribute("aria-expanded", String(some));
  choose(box, null);
}

function hide(box) {
  listOf(box).hidden = true;
  box.setAttribute("aria-expanded", "false");
  choose(box, null);
}

function choose(box, option) {
  for (const one of optionsOf(box)) one.setAttribute("aria-selected", String(one === option));
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  const box = event.target.closest?.("[data-suggest]");
  if (!box || event.isComposing) return;
  const chosen = optionsOf(box).find((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "Escape" && !listOf(box).hidden) {
    event.preventDefault(); // the words stay, only the list goes
    hide(box);
  } else if (event.key === "Enter" && chosen && !listOf(box).hidden) {
    event.preventDefault();
    location.assign(chosen.href);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (listOf(box).hidden) return show(box);
    move(box, chosen, event.key === "ArrowDown" ? 1 : -1);
  }
}

/** From the last one on back into the box, where Enter searches for the words. */
function move(box, chosen, step) {
  const stops = [null, ...optionsOf(box)];
  const at = stops.indexOf(chosen ?? null);
  choose(box, stops[(at + step + stops.length) % stops.length]);
}
