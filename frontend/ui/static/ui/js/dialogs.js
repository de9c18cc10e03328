// Dialogs, sheets and drawers by attribute; menus are <details> and only need to be closed.

export function startDialogs() {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(null, true);
  });
  document.addEventListener("toggle", onToggle, true);
}

/** Open the dialog with this id; the first field marked `autofocus`, else the dialog itself, takes the focus. */
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

function onClick(event) {
  const opener = event.target.closest("button[data-open]");
  if (opener) {
    event.preventDefault();
    closeMenus(null);
    openDialog(opener.dataset.open);
    return;
  }
  const closer = event.target.closest("[data-close]");
  if (closer) {
    closer.closest("dialog")?.close();
    return;
  }
  // A click on the backdrop has the dialog itself as target and lies outside its box.
  if (event.target instanceof HTMLDialogElement && event.target.open && isOutside(event, event.target)) event.target.close();
  closeMenus(event.target.closest("details.menu"));
}

function isOutside(event, element) {
  const box = element.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

function closeMenus(kept, giveFocusBack = false) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu === kept || menu.contains(kept)) continue;
    menu.open = false;
    if (giveFocusBack) menu.querySelector("summary")?.focus();
  }
}

function onToggle(event) {
  const menu = event.target;
  if (menu instanceof HTMLDetailsElement && menu.matches(".menu") && menu.open) closeMenus(menu);
}
