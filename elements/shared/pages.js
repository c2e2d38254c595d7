// A page of the API's own, told of these values, of the language, and of the way back here.
const page = (owner, name, values) => {
  const address = new URL(`${owner.api}/${name}`);
  for (const [key, value] of Object.entries({ ...values, return_to: here(location.hash), lang: owner.language })) {
    if (value) address.searchParams.set(key, value);
  }
  return address.href;
};
// Where readers give, told of their wish and where they come from.
const givePage = (owner, wish) =>
  page(owner, "donate", { ...wish, campaign: owner.getAttribute("campaign"), source: here() });
