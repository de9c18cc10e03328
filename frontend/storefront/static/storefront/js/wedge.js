// A hardware scanner is a keyboard that types a barcode faster than anybody and presses Enter. It is heard wherever the
// focus is; what it typed into a field is taken out again.
const FASTEST_HAND = 80;
const CODE = /^\d{8,14}$/;

/** Call `scan(code)` for every barcode typed by a machine. */
export function startWedge(scan) {
  let typed = "";
  let last = 0;
  let field = null;
  let before = "";
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      const isFast = event.timeStamp - last < FASTEST_HAND;
      last = event.timeStamp;
      if (/^\d$/.test(event.key)) {
        if (!isFast) {
          typed = "";
          field = event.target.matches?.("input, textarea") ? event.target : null;
          before = field?.value ?? "";
        }
        typed += event.key;
        return;
      }
      const isCode = event.key === "Enter" && isFast && CODE.test(typed);
      if (isCode) {
        event.preventDefault();
        event.stopImmediatePropagation();
        if (field?.isConnected) field.value = before;
        scan(typed);
      }
      if (event.key !== "Shift") typed = "";
    },
    true,
  );
}
