// A number with minus and plus. The buttons change the input and let it speak: `input` and `change` bubble, htmx listens to those.

export function startSteppers() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-stepper] [data-step]");
    if (button) stepBy(button.closest("[data-stepper]"), Number(button.dataset.step));
  });
  document.addEventListener("change", (event) => {
    const stepper = event.target.closest("[data-stepper]");
    if (!stepper) return;
    if (event.target.matches(".stepper__unit")) convert(stepper, event.target);
    else settle(stepper);
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-stepper] input")) event.target.select();
  });
}

/** The number a stepper shows; what is no number counts as its minimum. */
export function valueOf(stepper) {
  const input = stepper.querySelector("input");
  const typed = Number.parseInt(input.value.normalize("NFKC").replace(/[,\s]/g, ""), 10);
  return Number.isNaN(typed) ? least(input) : typed;
}

function least(input) {
  return Number(input.dataset.min ?? 0);
}

function within(input, value) {
  return Math.max(least(input), Math.min(value, Number(input.dataset.max ?? Number.MAX_SAFE_INTEGER)));
}

function stepBy(stepper, by) {
  const input = stepper.querySelector("input");
  const value = within(input, valueOf(stepper) + by);
  if (String(value) === input.value) return;
  input.value = String(value);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

// Typed numbers are kept even above the maximum: the server says why not and offers the way out.
function settle(stepper) {
  const input = stepper.querySelector("input");
  const value = Math.max(least(input), valueOf(stepper));
  if (input.value !== String(value)) input.value = String(value);
  for (const button of stepper.querySelectorAll("[data-step]")) {
    const step = Number(button.dataset.step);
    button.disabled = within(input, value + step) === value && (step < 0 ? value <= least(input) : value >= Number(input.dataset.max ?? Infinity));
  }
}

// Twelve cases become seventy-two bottles, not twelve; loose bottles round up to a whole case.
function convert(stepper, select) {
  const input = stepper.querySelector("input");
  const perCase = Number(stepper.dataset.perCase);
  const value = valueOf(stepper);
  input.value = String(select.value === "BOTTLE" ? value * perCase : Math.ceil(value / perCase));
  input.dispatchEvent(new Event("input", { bubbles: true }));
  settle(stepper);
}
