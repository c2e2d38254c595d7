// Amounts as they are shown.

// 500 -> "5.00": minor units become a decimal string without any floating point.
const major = (minor, decimals) => {
  const digits = String(minor).padStart(decimals + 1, "0");
  return decimals ? `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : digits;
};

const money = (amount, currency, decimals, lang) => {
  const text = major(amount, decimals).replace(/\.0+$/, "");
  const fraction = text.includes(".") ? decimals : 0;
  return new Intl.NumberFormat(lang === "uk" ? "uk" : "en-IE", {
    style: "currency", currency, currencyDisplay: "narrowSymbol", useGrouping: lang === "uk" ? "min2" : "always",
    minimumFractionDigits: fraction, maximumFractionDigits: fraction,
  }).format(text);
};
