// What a wall says where the meter or a gift link decided; fetched for those readers only.

// The day from which the meter opens anew: the first of a month, where the newsroom is. With the hours by which a place
// can be ahead of UTC it is that month's wherever the newsroom and the reader are.
const newDay = (at, language) => {
  const day = new Date(Date.parse(at) + 14 * 3600000);
  return day > 0 ? new Intl.DateTimeFormat(language === "uk" ? "uk" : "en-IE", { day: "numeric", month: "long", timeZone: "UTC" })
    .format(day.setUTCDate(1)).replace(" ", "\u00a0") : "";
};
const quiet = (href, words) => h("a", { class: "quiet", part: "link", href }, words);
const marks = ({ api, language }) => quiet(`${api}/reading?lang=${language}`, TEXTS[language].marks);
const line = ({ language }, look, ...said) => h("p", { part: look, lang: language }, ...said);

const made = {
  // Above a text, before it is read.
  above(wall, { reason, left, limit, again, resets_at: at }) {
    const { language } = wall;
    const t = TEXTS[language];
    if (reason === "gift") return line(wall, "line above", t.given);
    const day = newDay(at, language);
    return limit && line(wall, "line above", again ? t.metered_again(left, day) : t.metered(limit - left, limit, day), " ", marks(wall));
  },
  // Under a text that somebody gave.
  after: (wall) => line(wall, "line", TEXTS[wall.language].after, " ", quiet(givePage(wall), TEXTS[wall.language].support)),
  // Why a text is closed, where these say why; and what stands under the appeal.
  closed(wall, { reason, limit, resets_at: at, gift }, more) {
    const { language } = wall;
    const t = TEXTS[language];
    const used = reason === "meter_used" && limit !== 0;
    return {
      gift: gift && (gift === "used_up" ? t.gift_used_up : t.gift_over),
      why: used && t.meter_used(newDay(at, language)),
      have: used && more > limit && t.more,
      marks: reason === "meter_used" && h("p", { part: "note" }, marks(wall)),
    };
  },
};
