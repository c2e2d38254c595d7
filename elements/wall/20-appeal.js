// What a closed wall says and asks for, by why it is closed and by who reads.
Object.assign(made.prototype, {
  appeal(news, { decision, requires, signed_in: signedIn, gives, says }) {
    const { t } = this;
    const { reason } = decision;
    const said = says?.closed(this, decision, news?.meter?.signed_in) || {};
    const tier = this.lowestTier(requires);
    const late = reason === "payment_failed";
    // Whoever gives too little to open anything gives all the same.
    const higher = !late && (reason === "higher_tier" || gives || requires?.startsWith("tier:"));
    const why = h("p", { part: "text reason" }, said.gift, said.gift && " ",
      said.why || (higher ? t.higher_tier(this.titleOf(tier)) : t[`${reason}_`] || t.sign_in_));
    const banner = this.preview != null && h("p", { part: "banner" }, t.preview);
    const donate = h("spilno-donate", {
      api: this.api, tier, lang: this.language, preview: this.preview, always: true,
      campaign: this.getAttribute("campaign"),
      exportparts: "form,group,option,own,currency,sentence,note,button,banner,error",
    }, h("a", { href: `${this.api}/donate` }, t.support));
    const out = h("p", { part: "line" }, t.signedIn, " ", this.quiet(t.out, () => this.signOut()));
    const account = (look) => h("p", {}, this.accountLink(look, late ? t.card : t.account));
    const raise = !late && gives && this.raised(gives, tier);
    if (raise && !gives.pending) return this.withUs(banner, why, t.raise(raise.now), raise.link, donate, out);
    // What is on its way opens the text by itself, and is not to be paid a second time.
    if (!late && gives?.pending && !raise) {
      return this.withUs(banner, h("p", { part: "text reason" }, t.coming), null, account("button"), donate, out);
    }
    const known = late || gives || (reason === "higher_tier" && !signedIn);
    if (known) return this.withUs(banner, why, !late && t.change, account("button"), donate, out);
    // Gave once, and nothing goes on beside which a new gift would be taken.
    if (reason === "higher_tier") return this.section(banner, h("h2", { part: "title" }, t.withUs), why, donate, out);
    // Strangers are asked in the room that was kept for it, whatever the newsroom's words.
    this.frame(news, banner, why, signedIn && higher && account("quiet"), donate,
      signedIn ? out : h("p", { class: "have" }, said.have || t.have, " ",
        h("a", { class: "quiet", part: "link sign-in", href: page(this, "sign-in") }, t.signIn)), said.marks);
    this.root.querySelector("section").className = signedIn ? "" : "room";
  },
  // Who gives already is not asked as a stranger is. One button leads to what they give; another gift, which would be
  // taken beside it, is never begun without a word.
  withUs(banner, why, change, account, donate, out) {
    const { t } = this;
    const another = h("p", {}, this.quiet(t.another, () => {
      donate.setAttribute("second", "");
      another.replaceWith(h("p", { part: "note" }, t.adds), donate);
      donate.tabIndex = -1;
      donate.focus();
    }));
    this.section(banner, h("h2", { part: "title" }, t.withUs), why, change && h("p", { part: "text" }, change), account, another, out);
  },
  // The page that raises a gift to what opens this article, charged now, and what is given so far; nothing where the
  // newsroom has no such amount, or the gift is as high already.
  raised({ amount, currency, interval }, tier) {
    const { tiers, currencies } = this.news || {};
    const terms = currencies?.[currency];
    const rank = (name) => tiers.findIndex((one) => one.name === name);
    const enough = (terms?.earns?.[interval] || []).filter((step) => rank(step.tier) >= rank(tier)).map((step) => step.from);
    const to = Math.max(Math.min(...enough), terms?.minimum);
    if (!(to > amount && to < Infinity)) return;
    const said = (sum) => this.t.rhythm(money(sum, currency, terms.decimals, this.language), interval);
    const link = h("a", { class: "button", part: "button", href: page(this, "account/raise", { tier }) }, this.t.raiseTo(said(to)));
    return { now: said(amount), link: h("p", {}, link) };
  },
  frame(news, ...parts) {
    this.section(news && h("h2", { part: "title" }, this.say(news.texts?.appeal_title)),
      news && h("p", { part: "text" }, this.say(news.texts?.appeal)), ...parts);
  },
});
