// <spilno-wall>: the teaser inside, and under it what this reader needs: an appeal, or nothing because the text
// is open. The opened text stands in the light DOM, is never stored, and goes away when the page goes.
class Wall extends Part {
  static observedAttributes = ["api", "article", "lang", "preview"];

  listen(signal) {
    const away = () => { this.close("away"); this.start(); };
    addEventListener("spilno:signed-out", away, { signal });
    // A page that may come back from the back-forward cache must not carry the text into it.
    addEventListener("pagehide", (event) => { this.radio?.close(); if (event.persisted) this.close("away"); }, { signal });
    addEventListener("visibilitychange", () => {
      // The link in the mail may have been pressed in another tab.
      if (this.waiting && document.visibilityState === "visible") this.peek();
    }, { signal, capture: true });
    signal.addEventListener("abort", () => this.radio?.close());
    this.tune = () => {
      this.radio = new BroadcastChannel("spilno");
      this.radio.onmessage = ({ data }) => data === "signed-out" && away();
    };
    this.tune();
  }
  returned() { this.tune(); this.close("away"); this.start(); }

  get path() { return `/v1/articles/${encodeURIComponent(this.getAttribute("article") || "")}`; }

  async start() {
    const turn = ++this.turn;
    this.waiting = false;
    const fresh = () => turn === this.turn;
    const settings = newsroom(this).catch(() => null);
    if (this.preview != null) {
      const news = await settings;
      return fresh() && this.show(news, { decision: { reason: "sign_in" }, requires: "members" });
    }
    let answer, problem;
    if (cookiesReach(this.api)) answer = await call(this, this.path).catch((one) => { problem = one; });
    const news = await settings;
    if (!fresh()) return;
    if (answer) return this.show(news, answer);
    this.close();
    // No answer with cookies, though the API answers without: this page's origin may not send them.
    if (!problem || (news && problem.code === "unreachable")) this.hosted(news);
    else this.broken(problem, news);
  }

  show(news, answer) {
    const { decision } = answer;
    this.news = news;
    this.paint(news);
    if (this.preview != null) return this.rehearse(news, answer);
    if (decision.open) return this.open(answer);
    this.shut("closed", decision.reason);
    this.appeal(news, answer);
  }

  open(answer) {
    this.teaser ??= [...this.childNodes];
    this.innerHTML = answer.html;
    this.under(this.line(answer));
    this.opened = true;
    this.setAttribute("state", "open");
    this.tell("opened", { article: this.getAttribute("article"), reason: answer.decision.reason });
  }
  // Puts the teaser back; what was open is gone from the page.
  close(reason) {
    const was = this.opened;
    if (this.teaser) this.replaceChildren(...this.teaser);
    this.teaser = null;
    this.opened = false;
    this.removeAttribute("state");
    this.under();
    if (was && reason) this.tell("closed", { article: this.getAttribute("article"), reason });
  }
  shut(state, reason) {
    this.close();
    this.setAttribute("state", state);
    this.tell("closed", { article: this.getAttribute("article"), reason });
  }
  under(...parts) { this.root.replaceChildren(h("slot"), ...parts.filter(Boolean)); }

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
      this.quiet(t.everywhere, () => {
        box.replaceChildren(signIn(this, t.everywhere));
        box.querySelector("input").focus();
      })));
    return box;
  }

  appeal(news, { decision: { reason }, requires, signed_in: signedIn }) {
    const { t } = this;
    const tier = this.lowestTier(requires);
    const late = reason === "payment_failed";
    const higher = reason === "higher_tier" || (!late && requires?.startsWith("tier:"));
    const account = signedIn && (late || higher) && h("p", {},
      // Two monthly gifts would both be taken: said before, not found out a month later.
      reason === "higher_tier" && `${t.adds} `,
      h("a", { class: late ? "button" : "quiet", part: "link", href: this.link("account") }, late ? t.card : t.account));
    this.frame(news, this.preview != null && h("p", { part: "banner" }, t.preview),
      h("p", { part: "text reason" }, higher ? t.higher_tier(this.titleOf(tier)) : t[`${reason}_`] || t.sign_in_), account,
      h("spilno-donate", {
        api: this.api, tier, lang: this.language, compact: late, preview: this.preview,
        campaign: this.getAttribute("campaign"),
        exportparts: "form,group,option,own,currency,sentence,note,button,banner,error",
      }, h("a", { href: `${this.api}/donate` }, t.support)),
      signedIn ? h("p", { part: "line" }, t.signedIn, " ", this.quiet(t.out, () => this.signOut())) : signIn(this, t.have));
  }
  frame(news, ...parts) {
    this.under(h("section", { part: "appeal", lang: this.language },
      news && h("h2", { part: "title" }, this.say(news.texts?.appeal_title)),
      news && h("p", { part: "text" }, this.say(news.texts?.appeal)), ...parts));
  }
  readLink(look) {
    const href = `${this.api}/read/${encodeURIComponent(this.getAttribute("article"))}`;
    return h("a", { class: look, part: look === "button" ? look : "link", href }, this.t.read);
  }

  // Cookies of the API cannot work on this page: the newsroom's own pages do both, giving and reading.
  hosted(news) {
    const address = new URL(`${this.api}/donate`, location.href);
    address.search = new URLSearchParams({ source: source(), return_to: location.href, lang: this.language });
    this.shut("hosted", "hosted");
    this.paint(news);
    this.frame(news, h("p", { part: "text reason" }, this.t.hosted), h("p", {}, this.readLink("button")),
      h("p", { class: "last" }, h("a", { class: "quiet", part: "link", href: address.href }, this.t.support)));
  }
  broken(problem, news) {
    this.said(problem);
    const { t } = this;
    this.paint(news);
    this.frame(null, h("p", { part: "error", role: "alert" }, problem.message),
      h("p", { class: "last" }, this.quiet(t.again, () => this.start()), " ", this.readLink("quiet")));
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
    const answer = await call(this, this.path).catch(() => null);
    this.waiting = false;
    if (!answer) return this.start();
    if (!answer.signed_in && !answer.decision.open) return this.hosted(this.news);
    this.show(this.news, answer);
    this.tabIndex = -1;
    this.focus({ preventScroll: true });
  }
  async peek() {
    const answer = await call(this, this.path).catch(() => null);
    if (answer?.decision.open) this.show(this.news, answer);
  }
  async signOut() {
    if (this.preview != null) return;
    try {
      await call(this, "/v1/session", "DELETE");
    } catch (problem) {
      this.said(problem);
      this.root.querySelector("[part=line]").append(h("span", { role: "alert" }, " ", problem.message));
      return;
    }
    this.radio.postMessage("signed-out");
    dispatchEvent(new CustomEvent("spilno:signed-out"));
  }
}
