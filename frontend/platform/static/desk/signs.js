// Unfold draws its signs as words of a font ("search", "hub"): whoever listens to the page is spared them, and a button
// or link that shows a sign alone is called by its title, by what its field asks for, or by the words beside it.
(() => {
  const SIGN = ".material-symbols-outlined";

  function name(holder) {
    if (holder.hasAttribute("aria-label") || holder.hasAttribute("aria-labelledby")) return;
    const said = holder.cloneNode(true);
    for (const sign of said.querySelectorAll(SIGN)) sign.remove();
    if (said.textContent.trim()) return;
    const asked = (holder.form ?? holder.parentElement).querySelector("[placeholder]")?.placeholder;
    const words = holder.title || asked || holder.nextElementSibling?.textContent.trim();
    if (words) holder.setAttribute("aria-label", words);
  }

  function hush() {
    for (const sign of document.querySelectorAll(`${SIGN}:not([aria-hidden])`)) {
      sign.setAttribute("aria-hidden", "true");
      const holder = sign.closest("button, a");
      if (holder) name(holder);
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    hush();
    new MutationObserver(hush).observe(document.body, { childList: true, subtree: true });
  });
})();
