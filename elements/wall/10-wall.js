// <spilno-wall>: the teaser inside, and under it what this reader needs: an appeal, or nothing because the text
// is open. The opened text stands in the light DOM, is never stored, and goes away when the page goes.

// Under Trusted Types HTML and a script's address need a policy's word: ours, or none where the page lets us have none.
const same = (text) => text;
let policy = { createHTML: same, createScriptURL: same };
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
    await this.prepare(answer);
    return turn === this.turn && answer;
  }

  async start(facts) {
    const { turn } = this;
    dress(this);
    this.waiting = false;
    this.disown();
    this.known = [...this.childNodes];
    this.gift = facts.gift;
    const { value: answer, problem } = await this.found(facts);
    await this.prepare(answer);
    const opens = this.preview == null && answer?.decision?.open;
    // What is open is there at once, even while the newsroom's settings are not.
    if (turn === this.turn && opens && !this.reveal(answer)) return this.hosted(await facts.news);
    const news = await facts.news;
    // The form is drawn with what stands around it, and not after it.
    if (answer && !opens) await settled(part("donate"));
    if (turn !== this.turn) return;
    if (opens) this.settle(news, answer);
    else if (answer) await this.show(news, answer);
    // No answer with cookies, though the API answers without: this page's origin may not send them.
    else if (!problem || (news && problem.code === "unreachable")) this.hosted(news);
    else this.broken(problem, news);
  }
  // What the meter and gift links say comes with a part of its own, before the text that it stands above.
  async prepare(answer) {
    const { reason, gift } = answer?.decision || {};
    if (gift || /^(meter|gift)/.test(reason)) answer.says = (await settled(part("meter"))).value;
  }
  // The decision on this article; neither that nor a problem where the API's cookies cannot reach it from here.
  // Who has no hint and reads what is closed to strangers is decided on without asking anything about this reader.
  async found(facts) {
    const { answer, seal, sealed, gift } = facts;
    if (this.preview != null) return { value: { decision: { reason: "sign_in" }, requires: "members" } };
    const plainly = (link) => settled(call(this, this.path + (link ? `?gift=${link}` : "")));
    if (answer) {
      const found = await answer;
      return gift && found.value?.decision?.open === false ? plainly(gift) : found;
    }
    if (!seal) return {};
    const { value: known } = await seal;
    if (known?.access === "metered") settled(part("meter"));
    const free = sealed && isSecureContext && known && !known.ticket && known.key;
    if (!hint("ask", this.api) && !free) {
      const news = await facts.news;
      if (news && !cookiesReach(news)) return {};
      const closed = known && known.requires !== null && known.access !== "metered" && this.hasChildNodes()
        && !(Date.parse(known.opens_at) < Date.now() && !(Date.parse(known.closes_at) < Date.now()));
      // Who signed in before there were hints, and who cannot leave one here, is asked about as before.
      const asked = hint("asked", this.api) || Date.now() > ASKED_UNTIL;
      if (!gift && closed && news && asked && hintIsSeen(news, this.api)) {
        return { value: { decision: { open: false, reason: "sign_in" }, requires: known.requires, signed_in: false } };
      }
    }
    return (sealed && isSecureContext && await unsealed(this, facts).catch(() => {})) || plainly(gift);
  }

  async show(news, answer) {
    const { decision } = answer;
    this.news = news;
    this.paint(news);
    if (this.preview != null) return this.rehearse(news, answer);
    if (decision.open) return this.reveal(answer) ? this.settle(news, answer) : this.hosted(news);
    this.shut("closed", decision.reason);
    this.appeal(news, answer);
    // Taken away by `disown` or `forget`, or saved like that by a router.
    if (this.hasChildNodes()) return;
    const { turn } = this;
    const html = answer.html ?? (await settled(call(this, this.path))).value?.html;
    if (turn === this.turn && html && !this.hasChildNodes()) this.write(html);
  }

  // The text, and above it what is to be said before it is read. False where the page's policy lets nobody write HTML.
  reveal({ decision, html, says }) {
    const inside = [...this.childNodes];
    this.become("open", decision.reason);
    if (!this.write(html)) return false;
    this.teaser ||= inside;
    this.known = [...this.childNodes];
    // What stands under it comes with the newsroom's settings, and is as high.
    this.place.style.minHeight = "3em";
    this.over = says?.above(this, decision) || null;
    if (this.over) this.root.prepend(this.over);
    this.told("opened", decision.reason);
    return true;
  }
  settle(news, answer) {
    this.news = news;
    this.paint(news);
    this.under(this.line(answer));
    // Scripts that the newsroom lists; of the API that this script came from, and of no other.
    if (this.api === HOME && this.querySelector("script")) settled(part("embeds").then((run) => run(this, news?.embeds, policy)));
  }
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
    this.teaser = this.over = null;
    if (!state) this.under(this.place);
    if (teaser && reason) this.told("closed", reason);
  }
  shut(state, reason) {
    this.close(null, state, reason);
    this.told("closed", reason);
  }
  told(name, reason) { this.tell(name, { article: this.getAttribute("article"), reason }); }
  under(...parts) {
    this.root.replaceChildren(...[this.over, h("slot"), ...parts].filter(Boolean));
    this.known = [...this.childNodes];
  }

  tier(name) { return this.news?.tiers.find((tier) => tier.name === name); }
  lowestTier(requires) { return requires?.startsWith("tier:") ? requires.slice(5) : this.news?.tiers[0]?.name; }
  link(key) { return this.news?.links?.[key] || `${this.api}/${key}`; }
  quiet(label, action) { return h("button", { class: "quiet", part: "link", type: "button", onclick: action }, label); }
  titleOf(name) { return this.say(this.tier(name)?.title) || name; }

  // Under an open text: who is reading and the way out, or how to read on other devices too.
  line({ decision: { reason }, tier, signed_in: signedIn, says }) {
    const { t } = this;
    const line = (...said) => h("p", { part: "line", lang: this.language }, ...said);
    const supports = reason === "supporter";
    if (reason === "gift") return says?.after(this);
    // Of who reads by pass and ticket alone the API says nothing more.
    const unsaid = supports && signedIn === undefined;
    if (!signedIn && !unsaid) return supports && this.thanks();
    const who = tier ? t.reading(this.titleOf(tier)) : unsaid ? this.accountLink("quiet") : t.signedIn;
    return line(who, " ", supports && this.quiet(t.give, ({ target }) => this.give(target)), " ",
      this.quiet(t.out, () => this.signOut()));
  }
  accountLink(look, words = this.t.account) {
    return h("a", { class: look, part: look === "button" ? look : "link", href: this.link("account") }, words);
  }
  async give(button) {
    if (button.ariaDisabled || this.preview != null) return;
    button.ariaDisabled = "true";
    const article = this.getAttribute("article");
    const give = await part("give").catch(() => location.assign(page(this, "account/links", { give: article })));
    const shown = await give?.(this);
    button.ariaDisabled = null;
    this.given?.remove();
    this.given = shown;
    if (shown) button.closest("p").after(shown);
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

  section(...parts) { this.under(h("section", { part: "appeal", lang: this.language }, ...parts)); }
  readLink(look) {
    const href = `${this.api}/read/${encodeURIComponent(this.getAttribute("article"))}${this.gift ? `?gift=${this.gift}` : ""}`;
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
