// Blocks to and from a spreadsheet: tabs and lines, quoted cells, and the merged cells only the table's HTML tells of.

/** What a clipboard holds, as rows of `{text, isMerged}`. */
export function blockOf(text, html) {
  const table = html && /<table/i.test(html) ? tableOf(html) : null;
  return table?.some((row) => row.some((cell) => cell.isMerged)) ? table : rowsOf(text);
}

function tableOf(html) {
  const table = new DOMParser().parseFromString(html, "text/html").querySelector("table");
  if (!table) return null;
  const rows = [...table.rows].map(() => []);
  [...table.rows].forEach((line, at) => {
    let place = 0;
    for (const cell of line.cells) {
      while (rows[at][place]) place += 1;
      const text = cell.textContent.replace(/\s+/g, " ").trim();
      const isMerged = cell.rowSpan > 1 || cell.colSpan > 1;
      for (let down = 0; down < cell.rowSpan && at + down < rows.length; down += 1) {
        for (let right = 0; right < cell.colSpan; right += 1) {
          rows[at + down][place + right] = { text: down || right ? "" : text, isMerged };
        }
      }
      place += cell.colSpan;
    }
  });
  return rows.map((row) => Array.from(row, (cell) => cell ?? { text: "", isMerged: false }));
}

/** Tab-separated text; a cell in quotes may hold tabs, lines and doubled quotes. */
function rowsOf(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  if (!lines.includes('"')) return lines.split("\n").map((line) => line.split("\t").map(cellOf));
  const rows = [[]];
  const pattern = /("(?:[^"]|"")*"|[^\t\n]*)(\t|\n|$)/y;
  while (pattern.lastIndex <= lines.length) {
    const found = pattern.exec(lines);
    if (!found) return lines.split("\n").map((line) => line.split("\t").map(cellOf));
    const [, said, end] = found;
    rows.at(-1).push(cellOf(said.startsWith('"') && said.length > 1 ? said.slice(1, -1).replaceAll('""', '"') : said));
    if (!end) break;
    if (end === "\n") rows.push([]);
  }
  return rows;
}

function cellOf(text) {
  return { text: text.trim(), isMerged: false };
}

/** Rows of texts as a spreadsheet takes them. */
export function tabbed(rows) {
  return rows.map((row) => row.join("\t")).join("\n");
}

/** What the clipboard holds now, where the browser lets the page look; null where it does not. */
export async function readClipboard() {
  try {
    const held = { text: "", html: "" };
    for (const item of await navigator.clipboard.read()) {
      if (item.types.includes("text/plain")) held.text = await (await item.getType("text/plain")).text();
      if (item.types.includes("text/html")) held.html = await (await item.getType("text/html")).text();
    }
    return held;
  } catch {
    return null;
  }
}
