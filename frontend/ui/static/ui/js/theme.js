// What a reader chose for this browser: light, dark or the system's; roomy or compact rows. An attribute on <html> now,
// a cookie so that the server prints it from the first byte.

const YEAR = 31536000;

export function startTheme() {
  document.addEventListener("click", (event) => {
    const theme = event.target.closest("[data-set-theme]");
    if (theme) choose("theme", theme.dataset.setTheme, "system");
    const density = event.target.closest("[data-set-density]");
    if (density) choose("density", density.dataset.setDensity, "roomy");
  });
  show();
}

function choose(name, value, usual) {
  const root = document.documentElement;
  const secure = location.protocol === "https:" ? "; secure" : "";
  if (value === usual) {
    delete root.dataset[name];
    document.cookie = `${name}=; path=/; max-age=0; samesite=lax${secure}`;
  } else {
    root.dataset[name] = value;
    document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
  }
  show();
}

function show() {
  mark("[data-theme-switch]", "setTheme", document.documentElement.dataset.theme ?? "system");
  mark("[data-density-switch]", "setDensity", document.documentElement.dataset.density ?? "roomy");
}

function mark(group, name, current) {
  for (const one of document.querySelectorAll(group)) {
    one.hidden = false;
    for (const button of one.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset[name] === current));
    }
  }
}
