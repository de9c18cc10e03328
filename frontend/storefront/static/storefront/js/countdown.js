// How long a promotion still runs, by the second: <span data-countdown="2026-01-12T16:00:00+08:00" data-text data-over>.
// The page says days or hours by itself; nothing is announced at every tick, and a hidden page does not count.
import { filled } from "../../ui/js/text.js";

const SECOND = 1000;
const shown = [...document.querySelectorAll("[data-countdown]")];

function tick() {
  const now = Date.now();
  for (const place of shown) {
    const left = Math.floor((Date.parse(place.dataset.countdown) - now) / SECOND);
    const [h, m, s] = [Math.floor(left / 3600), Math.floor((left % 3600) / 60), left % 60].map((part) => String(part).padStart(2, "0"));
    place.textContent = left > 0 ? filled(place.dataset.text, { h, m, s }) : place.dataset.over;
  }
}

if (shown.length) {
  for (const place of shown) place.setAttribute("role", "timer");
  tick();
  window.setInterval(() => document.hidden || tick(), SECOND);
}
