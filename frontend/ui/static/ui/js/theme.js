// Light, dark or the system's: an attribute on <html> now, a cookie so that the server prints it from the first byte.

const YEAR = 31536000;

export function startTheme() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-set-theme]");
    if (button) choose(button.dataset.setTheme);
  });
  show();
}

function choose(theme) {
  const root = document.documentElement;
  const secure = location.protocol === "https:" ? "; secure" : "";
  if (theme === "system") {
    delete root.dataset.theme;
    document.cookie = `theme=; path=/; max-age=0; samesite=lax${secure}`;
  } else {
    root.dataset.theme = theme;
    document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
  }
  show();
}

function show() {
  const current = document.documentElement.dataset.theme ?? "system";
  for (const group of document.querySelectorAll("[data-theme-switch]")) {
    group.hidden = false;
    for (const button of group.querySelectorAll("[data-set-theme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.setTheme === current));
    }
  }
}
