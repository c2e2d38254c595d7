// A gift link's token stands in the address of the article's own page. It is taken off before anything else may read
// it there, and all other bytes of the address stay; it is kept in memory, for walls at that address.
const gifts = {};
const unwrapped = () => {
  const { href, pathname } = location;
  const plain = href.replace(/^([^#]*)([?&])spilno=(g1\.[^&#]*)(&?)/, (_, before, sign, token, more) => {
    gifts[pathname] = token;
    return before + (more && sign);
  });
  try {
    if (plain !== href) history.replaceState(history.state, "", plain);
  } catch {}
  return gifts[pathname];
};
unwrapped();
