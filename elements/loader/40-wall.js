// Of a wall, what cannot wait for its part: a copy of an open one is emptied, and the calls are made.
class Wall extends Base {
  static observedAttributes = ["api", "article", "lang", "preview", "state"];

  // A copy of an open wall (cloneNode, HTML that was saved and set again) is upgraded with the text already inside,
  // before whoever made it gets hold of it.
  constructor() {
    super();
    this.known = [];
    this.disown();
  }
  disconnectedCallback() {
    super.disconnectedCallback();
    // Moved within the page it is back by then; taken away it may live on in a router's memory.
    queueMicrotask(() => this.isConnected || this.left());
  }
  left() {}
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
    for (const [name, value] of [["reason", state && reason], ["state", state]]) {
      if (value) this.setAttribute(name, value);
      else this.removeAttribute(name);
    }
  }

  get path() { return `/v1/articles/${encodeURIComponent(this.getAttribute("article") || "")}`; }
  // With a hint that there is something to ask, the article's own answer. Without one, what is the same for everybody
  // and comes from any cache: the part decides from it whether anything more is asked.
  facts() {
    const facts = { news: super.facts() };
    const hinted = hint("ask", this.api);
    // A text is long: what stands below it is out of sight until it is there.
    this.place.style.minHeight = hinted ? "max(var(--p), 100vh)" : "";
    if (this.preview != null || !navigator.cookieEnabled) return facts;
    if (hinted) {
      facts.answer = settled(call(this, this.path));
    } else {
      facts.seal = settled(call(this, `${this.path}/seal`, "GET", undefined, "omit"));
      settled(part("donate"));
    }
    return facts;
  }

  // The link inside is hidden by many a style sheet, as docs/website.md has it.
  blocked() {
    this.become("hosted", "hosted");
    this.ways(["wall", `read/${encodeURIComponent(this.getAttribute("article"))}`], ["donate", "donate"]);
  }
}
