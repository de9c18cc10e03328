// The order desk: the opened row stays marked, and on a narrow screen an opened order takes the list's place.
const desk = document.getElementById("desk");

document.addEventListener("htmx:afterSwap", (event) => {
  if (!desk || event.detail.target?.id !== "desk-detail") return;
  desk.dataset.open = "detail";
  const number = event.detail.target.querySelector(".panel__head .code")?.textContent;
  for (const row of desk.querySelectorAll("[data-row]")) {
    if (row.id === `row-${number}`) row.setAttribute("aria-selected", "true");
    else row.removeAttribute("aria-selected");
  }
  if (window.matchMedia("(max-width: 79.99rem)").matches) window.scrollTo({ top: 0 });
  const field = event.detail.target.querySelector(".deskact :is(textarea, input:not([type=hidden]))");
  field?.focus();
});
