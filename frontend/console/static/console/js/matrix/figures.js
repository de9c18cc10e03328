// Figures as people and spreadsheets write them: full-width digits, currency signs, 元, thousands marks. What is no
// price is told by the name of its words; the server reads every figure again and has the last word.
const SIGNS = {
  CNY: ["人民币", "RMB", "CNY", "CN¥", "¥", "元", "圆"],
  USD: ["US$", "USD", "$"],
  EUR: ["EUR", "€"],
  HKD: ["HK$", "HKD", "港元", "港币"],
  JPY: ["JP¥", "JPY", "日元", "円"],
};
const OTHERS = Object.fromEntries(
  Object.keys(SIGNS).map((own) => [own, Object.keys(SIGNS).filter((one) => one !== own).flatMap((one) => SIGNS[one])]),
);
const UNIT = /[/每]?\s*(箱|瓶|件|支|cases?|bottles?)$/i;
const BOTTLES = /^(瓶|支|bottles?)$/i;
const ENDS = /^(end|停止|停售|不可售|—|–|-)$/i;
const WHOLE = 13;

/** What a text says: `{amount}` in minor units (null: the price ends), or `{fault}`, the name of what is wrong. */
export function read(text, { currency, digits }, unit) {
  let plain = text.normalize("NFKC").replace(/[\u200b\u200e\u200f\ufeff]/g, "").trim();
  if (!plain || ENDS.test(plain)) return { amount: null };
  const named = UNIT.exec(plain)?.[1];
  if (named && BOTTLES.test(named) !== (unit === "BOTTLE")) return { fault: "unit" };
  plain = plain.replace(UNIT, "").trim();
  const before = plain;
  for (const sign of SIGNS[currency] ?? []) plain = cut(plain, sign);
  if (plain === before && OTHERS[currency]?.some((sign) => cut(plain, sign) !== plain)) return { fault: "sign" };
  plain = plain.replace(/(?<=[\d,.])[\s_'](?=\d{3})/g, "");
  if (plain.includes("万")) return { fault: "wan" };
  if (plain.includes("%")) return { fault: "percent" };
  if (/^\(.*\)$|^[-−]/.test(plain)) return { fault: "negative" };
  if (/^\d+,\d{1,2}$|,\d{1,2}$|,\d{4,}/.test(plain)) return { fault: "separator" };
  if (/^\d{1,3}(,\d{3})+(\.\d*)?$/.test(plain)) plain = plain.replaceAll(",", "");
  if (!/^\d+(\.\d*)?$|^\.\d+$/.test(plain)) return { fault: "nofigure" };
  const [whole, rest = ""] = plain.split(".");
  const decimals = rest.replace(/0+$/, "");
  if (decimals.length > digits) return { fault: "decimals" };
  if (whole.replace(/^0+/, "").length > WHOLE) return { fault: "large" };
  const amount = Number(`${whole || "0"}${decimals.padEnd(digits, "0")}`);
  return amount > 0 ? { amount } : { fault: "zero" };
}

function cut(text, sign) {
  const upper = text.toUpperCase();
  if (upper.startsWith(sign)) return text.slice(sign.length).trim();
  return upper.endsWith(sign) ? text.slice(0, -sign.length).trim() : text;
}

/** Minor units as plain digits, as they are sent and copied: 1980.00; empty for none. */
export function plain(amount, digits) {
  if (amount === null || amount === undefined) return "";
  const text = String(amount).padStart(digits + 1, "0");
  return digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text;
}

/** Minor units as a cell shows them: 1,980.00. */
export function shown(amount, digits) {
  const text = plain(amount, digits);
  const dot = text.indexOf(".");
  const whole = dot < 0 ? text : text.slice(0, dot);
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (dot < 0 ? "" : text.slice(dot));
}
