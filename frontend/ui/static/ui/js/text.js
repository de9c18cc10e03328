// Words come from the template: data-text-* of <body>, in the reader's language.

/** The words under `data-text-<name>` of the body; `{n}`-like places are filled from `places`. */
export function text(name, places = {}) {
  const key = `text${name[0].toUpperCase()}${name.slice(1)}`;
  return filled(document.body.dataset[key] ?? "", places);
}

/** Fill `{name}` places of a template string. */
export function filled(words, places) {
  return Object.entries(places).reduce((done, [place, value]) => done.replaceAll(`{${place}}`, String(value)), words);
}

/** Thousands separated, as the server prints them. */
export function grouped(number) {
  return new Intl.NumberFormat("en-US").format(number);
}

/** Minor units as the server prints them: ¥1,980.00, with the true minus sign. */
export function money(minor, sign = "¥", digits = 2) {
  const whole = new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${minor < 0 ? "−" : ""}${sign}${whole.format(Math.abs(minor) / 10 ** digits)}`;
}
