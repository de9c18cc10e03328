// Copies what a button names, and says so on the button itself.
document.addEventListener("click", async (event) => {
  const copier = event.target.closest("[data-copy]");
  if (!copier) return;
  await navigator.clipboard.writeText(copier.dataset.copy);
  copier.textContent = copier.dataset.done;
});
