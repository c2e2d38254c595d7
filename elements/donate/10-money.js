// Amounts as people type them and as the API takes them, and dates.

// "5", "€ 5,50", "1.500 грн", "5,-" -> minor units; NaN when it is not an amount in this currency. `words` are the
// currency's own, which may stand beside the number. The hosted page and the server read by the same rule, held to the
// same table: tests/giving/amounts.json.
const minor = (text, words, decimals) => {
  const own = `(?:${words.map((word) => word.replace("$", "\\$&").replace(/\p{L}$/u, "$&\\.?")).join("|")})+`;
  const bare = text.normalize("NFKC").toLowerCase().replace(/[\s\p{Cf}\u0301'’‘ʼ`′]/gu, "")
    .replace(RegExp(`^${own}|${own}\\.?$`, "gu"), "").replace(/[.,][-\u2010-\u2015\u2212]+$/, "");
  // One separator and three digits behind it are a group, if they can be; where there are three decimals nobody can tell.
  if ((decimals > 2 ? /^\d+[.,]\d{3}$/ : /^(0\d*|\d{4,})[.,]\d{3}$/).test(bare)) return NaN;
  const plain = bare.replace(/^[1-9]\d{0,2}(?=([.,]))(\1\d{3})+(?=(?!\1)[.,]|$)/, (groups) => groups.replace(/\D/g, ""));
  const [, whole, fraction = ""] = /^(\d{1,9})(?:[.,](\d*))?$/.exec(plain) || [];
  const cents = fraction.replace(/0+$/, "");
  return whole && cents.length <= decimals ? Number(whole + cents.padEnd(decimals, "0")) : NaN;
};
// What stands in the field for an amount that is asked for: never three decimals, which `minor` would not read.
const typed = (amount, decimals) => major(amount, decimals).replace(/\.0+$|(?<=\.\d\d)0$/, "");

const day = (date, lang) =>
  new Intl.DateTimeFormat(lang === "uk" ? "uk" : "en-GB", { day: "numeric", month: "long", year: "numeric" })
    .format(date).replace(/\s*р\.$/, "\u00a0року");
