// The frames of the settings page follow what is typed, a moment after the last key.

const PAUSE = 500;
const home = document.querySelector("[data-preview]");
const forms = [...document.querySelectorAll("form[data-look]")];

if (home) {
  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  };
  for (const form of forms) form.addEventListener("input", soon);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take]"); // it comes and goes with what is typed
    const field = button?.form.elements.accent;
    if (!field) return;
    event.preventDefault();
    field.value = button.dataset.take;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}

function show() {
  const said = new URLSearchParams();
  for (const form of forms) {
    for (const [name, value] of new FormData(form)) {
      if (!["csrfmiddlewaretoken", "act", "version"].includes(name)) said.set(name, value);
    }
  }
  for (const frame of home.querySelectorAll("iframe")) {
    said.set("page", frame.dataset.page);
    said.set("theme", frame.dataset.themeShown);
    frame.contentWindow.location.replace(`${home.dataset.preview}?${said}`);
  }
}
