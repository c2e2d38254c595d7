// <spilno-wall>: the teaser inside, and under it what this reader needs: an appeal, or nothing because the text
// is open. The opened text stands in the light DOM, is never stored, and goes away when the page goes.

// Under Trusted Types HTML needs a policy's word: ours, or none where the page does not let us have one.
let policy = { createHTML: (html) => html };
try {
  policy = trustedTypes.createPolicy("spilno", policy);
} catch {}

// Whether a page of this address can see that cookie at all.
const hintIsSeen = (news, api) => {
  const domain = news.hint?.domain;
  const { hostname } = location;
  return !!news.hint && (domain ? `.${hostname}`.endsWith(`.${domain}`) : hostname === new URL(api).hostname);
};
// Until then a browser without `spilno-asked` is asked about once: 400 days after there were hints.
const ASKED_UNTIL = Date.UTC(2028, 0, 4);

class made {
  get t() { return TEXTS[this.language]; }
  listen(signal) {
    const on = (name, action) => addEventListener(name, action, { signal, capture: true });
    on("spilno:signed-out", () => this.away());
    // A page that may come back from the back-forward cache must not carry the text into it.
    on("pagehide", (event) => { this.radio?.close(); if (event.persisted) this.hide(); });
    // Routers say so before they copy the page into their memory or into storage. Most often it is replaced then;
    // where it is not, the reader reads on.
    for (const name of ["turbo:before-cache", "htmx:beforeHistorySave"]) {
      on(name, () => {
        if (!this.teaser) return;
        this.hide();
        setTimeout(() => this.begin(), 200);
      });
    }
    on("visibilitychange", () => {
      // The link in the mail may have been pressed in another tab, or a payment mended.
      if (own("visibilityState") !== "visible") return;
      if (this.waiting || this.getAttribute("reason") === "payment_failed") this.peek();
    });
    this.tune();
  }
  tune() {
    // Throws where the browser keeps nothing for this page; then there is no session to hear the end of.
    try {
      this.radio = new BroadcastChannel("spilno");
      this.radio.onmessage = ({ data }) => data === "signed-out" && this.away();
    } catch {}
  }
  hide() { this.turn++; this.close("away"); }
  away() { this.hide(); this.begin(); }
  returned() { this.tune(); this.away(); }
  // Taken off the page.
  left() {
    this.radio?.close();
    this.close("away");
  }
  // Another article: what this element knows of the last one goes, unless a router has replaced it already.
  forget() {
    this.turn++;
    this.teaser = null;
    if ([...this.childNodes].some((node) => this.known.includes(node))) this.replaceChildren();
    this.close();
  }
  // The decision on this article; nothing if it is out of date by the time it arrives.
  async ask() {
    const turn = ++this.turn;
    const answer = await call(this, this.path).catch(() => null);
    return turn === this.turn && answer;
  }

  async start(facts) {
    const { turn } = this;
    dress(this);
    this.waiting = false;
    this.disown();
    this.known = [...this.childNodes];
    const news = await facts.news;
    const { value: answer, problem } = await this.found(news, facts);
    // The form is drawn with what stands around it, and not after it.
    if (answer && !answer.decision?.open) await settled(part("donate"));
    if (turn !== this.turn) return;
    if (answer) return this.show(news, answer);
    // No answer with cookies, though the API answers without: this page's origin may not send them.
    if (!problem || (news && problem.code === "unreachable")) this.hosted(news);
    else this.broken(problem, news);
  }
  // The decision on this article; neither that nor a problem where the API's cookies cannot reach it from here.
  // Who has no hint and reads what is closed to strangers is decided on without asking anything about this reader.
  async found(news, { answer, seal }) {
    if (this.preview != null) return { value: { decision: { reason: "sign_in" }, requires: "members" } };
    if (answer) return answer;
    if (!seal || (news && !cookiesReach(news))) return {};
    const { value: known } = await seal;
    const closed = known && known.requires !== null && known.access !== "metered" && this.hasChildNodes();
    // Who signed in before there were hints, and who cannot leave one here, is asked about as before.
    const asked = hint("asked", this.api) || Date.now() > ASKED_UNTIL;
    if (!closed || !news || !asked || !hintIsSeen(news, this.api)) return settled(call(this, this.path));
    return { value: { decision: { open: false, reason: "sign_in" }, requires: known.requires, signed_in: false } };
  }

  show(news, answer) {
    const { decision } = answer;
    this.news = news;
    this.paint(news);
    if (this.preview != null) return this.rehearse(news, answer);
    if (decision.open) return this.open(answer);
    this.shut("closed", decision.reason);
    // Taken away by `disown` or `forget`, or saved like that by a router.
    if (!this.hasChildNodes()) this.write(answer.html);
    this.appeal(news, answer);
  }

  open(answer) {
    const inside = [...this.childNodes];
    this.become("open", answer.decision.reason);
    if (!this.write(answer.html)) return this.hosted(this.news);
    this.teaser ||= inside;
    this.under(this.line(answer));
    this.told("opened", answer.decision.reason);
  }
  // False where the page's policy lets nobody write HTML.
  write(html) {
    try {
      // Its word is given for the API that this script came from, and for no other.
      this.innerHTML = this.api === HOME ? policy.createHTML(html) : html;
      return true;
    } catch {
      return false;
    }
  }
  // Puts the teaser back; what was open is gone from the page.
  close(reason, state = null, why = null) {
    const { teaser } = this;
    this.become(state, why);
    if (teaser) this.replaceChildren(...teaser);
    this.teaser = null;
    if (!state) this.under(this.place);
    if (teaser && reason) this.told("closed", reason);
  }
  shut(state, reason) {
    this.close(null, state, reason);
    this.told("closed", reason);
  }
  told(name, reason) { this.tell(name, { article: this.getAttribute("article"), reason }); }
  under(...parts) {
    this.root.replaceChildren(h("slot"), ...parts.filter(Boolean));
    this.known = [...this.childNodes];
  }

  tier(name) { return this.news?.tiers.find((tier) => tier.name === name); }
  lowestTier(requires) { return requires?.startsWith("tier:") ? requires.slice(5) : this.news?.tiers[0]?.name; }
  link(key) { return this.news?.links?.[key] || `${this.api}/${key}`; }
  quiet(label, action) { return h("button", { class: "quiet", part: "link", type: "button", onclick: action }, label); }
  titleOf(name) { return this.say(this.tier(name)?.title) || name; }

  // Under an open text: who is reading and the way out, or how to read on other devices too.
  line({ decision, tier, signed_in: signedIn }) {
    const { t, language } = this;
    const { left } = decision;
    if (decision.reason === "metered" && left != null) return h("p", { part: "line", lang: language }, t.left(left));
    if (!signedIn) return decision.reason === "supporter" && this.thanks();
    const who = tier ? t.reading(this.titleOf(tier)) : t.signedIn;
    return h("p", { part: "line", lang: language }, who, " ", this.quiet(t.out, () => this.signOut()));
  }
  thanks() {
    const { t } = this;
    const box = h("div", { part: "line", lang: this.language }, h("p", {}, t.thanks, " ",
      this.quiet(t.everywhere, async () => {
        const signIn = await part("sign-in").catch(() => location.assign(page(this, "sign-in")));
        if (!signIn) return;
        box.replaceChildren(signIn(this, t.everywhere));
        box.querySelector("input").focus();
      })));
    return box;
  }

  appeal(news, { decision: { reason }, requires, signed_in: signedIn, gives }) {
    const { t } = this;
    const tier = this.lowestTier(requires);
    const late = reason === "payment_failed";
    // Whoever gives too little to open anything gives all the same.
    const higher = !late && (reason === "higher_tier" || gives || requires?.startsWith("tier:"));
    const why = h("p", { part: "text reason" }, higher ? t.higher_tier(this.titleOf(tier)) : t[`${reason}_`] || t.sign_in_);
    const banner = this.preview != null && h("p", { part: "banner" }, t.preview);
    const donate = h("spilno-donate", {
      api: this.api, tier, lang: this.language, preview: this.preview, always: true,
      campaign: this.getAttribute("campaign"),
      exportparts: "form,group,option,own,currency,sentence,note,button,banner,error",
    }, h("a", { href: `${this.api}/donate` }, t.support));
    const out = h("p", { part: "line" }, t.signedIn, " ", this.quiet(t.out, () => this.signOut()));
    const account = (look) => h("p", {}, h("a", { class: look, part: look === "button" ? look : "link", href: this.link("account") },
      late ? t.card : t.account));
    const more = !late && gives && this.raised(gives, tier);
    if (more && !gives.pending) return this.withUs(banner, why, t.raise(more.now), more.link, donate, out);
    // What is on its way opens the text by itself, and is not to be paid a second time.
    if (!late && gives?.pending && !more) {
      return this.withUs(banner, h("p", { part: "text reason" }, t.coming), null, account("button"), donate, out);
    }
    const known = late || gives || (reason === "higher_tier" && !signedIn);
    if (known) return this.withUs(banner, why, !late && t.change, account("button"), donate, out);
    // Gave once, and nothing goes on beside which a new gift would be taken.
    if (reason === "higher_tier") return this.section(banner, h("h2", { part: "title" }, t.withUs), why, donate, out);
    // Strangers are asked in the room that was kept for it, whatever the newsroom's words.
    this.frame(news, banner, why, signedIn && higher && account("quiet"), donate,
      signedIn ? out : h("p", { class: "have" }, t.have, " ",
        h("a", { class: "quiet", part: "link sign-in", href: page(this, "sign-in") }, t.signIn)));
    this.root.querySelector("section").className = signedIn ? "" : "room";
  }
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
  }
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
  }
  frame(news, ...parts) {
    this.section(news && h("h2", { part: "title" }, this.say(news.texts?.appeal_title)),
      news && h("p", { part: "text" }, this.say(news.texts?.appeal)), ...parts);
  }
  section(...parts) { this.under(h("section", { part: "appeal", lang: this.language }, ...parts)); }
  readLink(look) {
    const href = `${this.api}/read/${encodeURIComponent(this.getAttribute("article"))}`;
    return h("a", { class: look, part: look === "button" ? look : "link", href }, this.t.read);
  }

  // Cookies of the API cannot work on this page: the newsroom's own pages do both, giving and reading.
  hosted(news) {
    this.shut("hosted", "hosted");
    this.paint(news);
    this.frame(news, h("p", { part: "text reason" }, this.t.hosted), h("p", {}, this.readLink("button")),
      h("p", { class: "last" }, h("a", { class: "quiet", part: "link", href: givePage(this) }, this.t.support)));
  }
  fallback() { this.broken({ code: "unexpected" }); }
  broken(problem, news) {
    this.close();
    const { t } = this;
    this.paint(news);
    this.frame(null, h("p", { part: "error", role: "alert" }, sentence(this, problem)),
      h("p", { class: "last" }, this.quiet(t.again, () => this.begin()), " ", this.readLink("quiet")));
    said(this, problem);
  }

  // For editors: every state without asking for anything gated.
  rehearse(news, answer) {
    const { t } = this;
    const banner = h("p", { part: "banner" }, t.preview);
    this.close();
    if (this.preview === "supporter") {
      this.under(h("div", { part: "appeal", lang: this.language }, banner, h("p", { part: "text" }, t.previewText)),
        this.line({ decision: { reason: "supporter" }, tier: news?.tiers[0]?.name, signed_in: true }));
    } else if (this.preview === "thanks") this.under(h("div", { part: "appeal", lang: this.language }, banner), this.thanks());
    else this.appeal(news, answer);
  }

  // Signed in here: open in place. If the API still does not know this browser, it keeps no cookies.
  async entered() {
    const answer = await this.ask();
    this.waiting = false;
    if (!answer) return this.begin();
    if (!answer.signed_in && !answer.decision.open) return this.hosted(this.news);
    this.show(this.news, answer);
    this.tabIndex = -1;
    this.focus({ preventScroll: true });
  }
  async peek() {
    const answer = await this.ask();
    if (answer?.decision?.open) this.show(this.news, answer);
  }
  async signOut() {
    if (this.preview != null) return;
    try {
      await call(this, "/v1/session", "DELETE");
    } catch (problem) {
      said(this, problem);
      this.root.querySelector("[part=line]").append(h("span", { role: "alert" }, " ", sentence(this, problem)));
      return;
    }
    this.radio?.postMessage("signed-out");
    dispatchEvent(new CustomEvent("spilno:signed-out"));
  }
}
