// Of a wall, what cannot wait for its part: a copy of an open one is emptied, and the calls are made.
class Wall extends Base {
  static observedAttributes = ["api", "article", "lang", "preview", "state", "seal", "sealed"];

  // A copy of an open wall (cloneNode, HTML that was saved and set again) is upgraded with the text already inside,
  // before whoever made it gets hold of it.
  constructor() {
    super();
    this.known = [];
    this.disown();
  }
  attributeChangedCallback(name, before, after) {
    if (!this.leave || after === (name === "state" ? this.shown : before)) return;
    if (name === "article" || name === "api") this.forget();
    this.begin();
  }
  forget() {}
  // Text that this element did not open is nobody's teaser: the right one comes with the API's answer.
  disown() {
    if (this.teaser || this.getAttribute("state") !== "open") return;
    this.replaceChildren();
    this.become(null);
  }
  // The state before the shadow root: WebKit does not apply `spilno-wall[state=closed] ~ …` the other way about.
  become(state, reason) {
    this.shown = state;
    const set = (name, value) => value ? this.setAttribute(name, value) : this.removeAttribute(name);
    set("reason", state && reason);
    set("state", state);
  }

  get path() { return `/v1/articles/${encodeURIComponent(this.getAttribute("article") || "")}`; }
  // With a hint that there is something to ask, the article's own answer, or file and key of its sealed text, together,
  // while the seal in the page is fresh. Else what is the same for everybody and comes from any cache: the part decides
  // from it what more is asked.
  facts() {
    const facts = { news: super.facts(), gift: unwrapped() };
    const hinted = hint("ask", this.api);
    // A text is long: what stands below it is out of sight until it is there.
    this.place.style.minHeight = hinted ? "max(var(--p),100vh)" : "";
    if (this.preview != null || !navigator.cookieEnabled) return facts;
    let seal, key, sealed = this.getAttribute("sealed");
    try {
      const put = JSON.parse(this.getAttribute("seal"));
      // A seal of another article is as good as none, and so is any where the browser cannot unseal.
      if (isSecureContext && put.sealed.includes(`${this.path}/`)) {
        sealed ||= put.sealed;
        key = `${this.path}/key?v=${put.version}&needs=${put.needs}&t=${put.ticket}`;
        if (parseInt(put.ticket) * 1000 > Date.now()) seal = put;
      }
    } catch {}
    facts.sealed = sealed;
    if (hinted && !sealed) facts.answer = settled(call(this, this.path));
    else {
      facts.seal = settled(Promise.resolve(seal || call(this, `${this.path}/seal`, "GET", null, "omit")));
      if (!hinted) settled(part("donate"));
      else if (seal) {
        facts.file = settled(fetch(sealed));
        facts.key = settled(call(this, key));
      }
    }
    return facts;
  }

  // The link inside is hidden by many a style sheet, as docs/website.md has it.
  blocked() {
    this.become("hosted", "hosted");
    this.ways(["wall", `read/${encodeURIComponent(this.getAttribute("article"))}?gift=${unwrapped() || ""}`], ["donate", "donate"]);
  }
}
