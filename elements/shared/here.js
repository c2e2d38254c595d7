// This page's address in the characters of RFC 3986, at most 2,000 of them: what only follows readers about goes
// first, then the fragment, then the query. Undefined where a page has no address (srcdoc), or none short enough.
const FOLLOWS = /^(utm|mtm|mc|_|igsh)|clk?id=|braid=/i;
const here = (hash = "") => {
  const { origin, pathname, search } = location;
  const wanted = search.split(/[?&]/).filter((one) => one && !FOLLOWS.test(one)).join("&");
  const query = wanted && `?${wanted}`;
  return [search + hash, query + hash, query, ""]
    .map((rest) => origin + (pathname + rest).replace(/[^\w\-.~!$&()*+,;:@=/?#%]/g,
      (sign) => `%${sign.charCodeAt().toString(16).toUpperCase()}`))
    .find((address) => /^http.{1,1996}$/.test(address));
};
