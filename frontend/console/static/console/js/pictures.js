// Pictures of a product: dropped files go into the form and are sent; dragged ones take their new place and are kept.

const drop = document.querySelector("[data-drop]");
const arrange = document.querySelector("[data-arrange]");

if (drop) {
  const input = drop.querySelector('input[type="file"]');
  const lit = (on) => drop.toggleAttribute("data-over", on);
  drop.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    lit(true);
  });
  drop.addEventListener("dragleave", () => lit(false));
  drop.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    lit(false);
    input.files = event.dataTransfer.files;
    drop.requestSubmit();
  });
}

if (arrange) {
  let moved = null;
  arrange.addEventListener("dragstart", (event) => {
    moved = event.target.closest("[data-picture]");
    if (moved) event.dataTransfer.effectAllowed = "move";
  });
  arrange.addEventListener("dragover", (event) => {
    const under = event.target.closest("[data-picture]");
    if (!moved || !under) return;
    event.preventDefault();
    if (under === moved) return;
    const box = under.getBoundingClientRect();
    under[event.clientX < box.left + box.width / 2 ? "before" : "after"](moved);
  });
  arrange.addEventListener("drop", (event) => {
    if (!moved) return;
    event.preventDefault();
    moved = null;
    arrange.querySelectorAll("[data-place]").forEach((input, place) => {
      input.value = String(place + 1);
    });
    arrange.requestSubmit();
  });
}
