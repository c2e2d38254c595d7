// What a wish begins with: an attempt of its own, and the currency that is likely the reader's.

// 22 characters of 110 random bits, new for every wish to give.
const freshAttempt = () =>
  [...crypto.getRandomValues(new Uint8Array(22))].map((byte) => (byte % 32).toString(32)).join("");

// The currency of the country in the language that the browser puts first ("uk-UA", "sr-Latn-RS"), if the newsroom names
// one. Those behind it say little of where a reader is: "uk, en-US" is how browsers come to Ukraine. The donation page
// goes by the same rule. Nothing is asked and nothing is kept.
const currencyHere = ({ countries = {} }) => {
  const country = /^[a-z]+(?:-[a-z]{4})?-([a-z]{2})(?![a-z])/i.exec(navigator.languages[0])?.[1].toUpperCase();
  return Object.hasOwn(countries, country) ? countries[country] : undefined;
};
