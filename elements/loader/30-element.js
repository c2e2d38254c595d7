// The ground of all elements: a shadow root that shows the fallback until there is something better. What an element
// does comes with its part, whose methods are laid over these.
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

class Base extends HTMLElement {
  constructor() {
    super();
    this.root = this.attachShadow({ mode: "open" });
    this.root.adoptedStyleSheets = [sheet];
    // What keeps the room in which this element will stand.
    this.place = h("div", { class: "place" });
    this.root.append(h("slot"), this.place);
    this.turn = 0;
  }
  // An address of the web or nothing: `javascript:` in an attribute would become a link.
  get api() {
    const address = h("a", { href: this.getAttribute("api") || HOME || "/" }).href;
    return /^https?:/.test(address) ? address.replace(/\/+$/, "") : HOME;
  }
  // As the page around it says, else the newsroom's first language; unknown until the newsroom answered.
  get spoken() {
    const root = this.getRootNode();
    const near = this.closest("[lang]") || (root instanceof ShadowRoot && root.host.closest("[lang]"));
    return understood(near && Element.prototype.getAttribute.call(near, "lang")) || firstLanguages[this.api];
  }
  get language() { return this.spoken || understood(navigator.language) || "en"; }
  get preview() { return this.getAttribute("preview"); }

  connectedCallback() {
    this.leave = new AbortController();
    addEventListener("pageshow", (event) => event.persisted && this.returned(), { signal: this.leave.signal });
    this.begin();
  }
  disconnectedCallback() {
    this.leave.abort();
    this.listening = false;
    this.turn++;
    // Moved within the page it is back by then; taken away it may live on in a router's memory.
    queueMicrotask(() => this.isConnected || this.left());
  }
  left() {}
  attributeChangedCallback() { if (this.leave) this.begin(); }
  returned() { this.begin(); }

  // Several attributes set in a row start one round. Its calls are on their way before the part is there, and before
  // the page is read to its end.
  begin() {
    if (this.due) return;
    this.due = true;
    queueMicrotask(async () => {
      this.due = false;
      if (!this.isConnected) return;
      const turn = ++this.turn;
      const facts = this.facts();
      let laid;
      try {
        const made = await part(this.localName.slice(7));
        await parsed;
        if (turn !== this.turn) return;
        const { constructor, ...methods } = Object.getOwnPropertyDescriptors(made.prototype);
        laid = Object.defineProperties(Object.getPrototypeOf(this), methods);
        if (!this.listening) this.listen(this.leave.signal);
        this.listening = true;
        await this.start(facts);
      } catch (error) {
        if (laid) reportError(error);
        if (turn !== this.turn) return;
        if (laid) this.fallback(); else this.blocked();
      }
    });
  }
  listen() {}
  facts() { return newsroom(this); }

  // The part did not come: what stands inside remains, and where that is no link, there is one all the same.
  blocked() {
    const name = this.localName.slice(7);
    this.ways(!this.querySelector("a[href]") && [name, name]);
  }
  ways(...links) {
    this.root.replaceChildren(h("slot"), ...links.filter(Boolean).map(([words, path]) =>
      h("p", {}, h("a", { part: "link", href: `${this.api}/${path}` }, WORDS[words][this.language]))));
  }

  // The newsroom's own words in the reader's language, or in the one it has.
  say(words) { return words?.[this.language] ?? Object.values(words || {})[0] ?? ""; }
  paint(news) { this.style.setProperty("--spilno-newsroom-accent", news?.colours?.accent || ""); }
  tell(name, detail) { this.dispatchEvent(new CustomEvent(`spilno:${name}`, { bubbles: true, composed: true, detail })); }
}
