// The form of a language (CLDR) that goes with a number: {one: …, few: …, many: …}; `many` or `other` for all others.
const plural = (lang, count, forms) => forms[new Intl.PluralRules(lang).select(count)] ?? forms.many ?? forms.other;
