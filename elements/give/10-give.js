// "Give this article", pressed: a link by which others read it. It is shared as the browser does it, or copied, and
// stands there. The function gets the wall, makes the link and answers what is to be shown.
const made = async (wall) => {
  const { language } = wall;
  const t = TEXTS[language];
  const article = wall.getAttribute("article");
  let given;
  try {
    given = await call(wall, "/v1/me/gift-links", "POST", { article });
  } catch (problem) {
    said({ t, tell: wall.tell.bind(wall) }, problem);
    const words = h("p", { part: "error", role: "alert" }, sentence({ t }, problem));
    if (problem.code === "sign_in_again") {
      words.append(" ", h("a", { part: "link", href: `${wall.api}/account/links?give=${article}&lang=${language}` }, t.giveOn));
    }
    return words;
  }
  const { url, expires_at: until } = given;
  const day = new Intl.DateTimeFormat(language === "uk" ? "uk" : "en-IE", { day: "numeric", month: "long" })
    .format(Date.parse(until)).replace(" ", "\u00a0");
  const words = h("p", { part: "note", role: "status" }, t.giveTo(day));
  const field = h("input", { part: "field", readonly: true, value: url, "aria-label": t.giveLink, onfocus: () => field.select() });
  const send = async () => {
    try {
      if (navigator.share) return await navigator.share({ url });
      await navigator.clipboard.writeText(url);
      words.textContent = `${t.giveTo(day)} ${t.copied}`;
    } catch {}
  };
  // Safari and Firefox let it happen only while a press is fresh, which it is no longer: then the button does it.
  send();
  const button = h("button", { class: "quiet", part: "link", type: "button", onclick: send }, navigator.share ? t.share : t.copy);
  return h("div", { class: "given" }, words, field, h("p", {}, button));
};
