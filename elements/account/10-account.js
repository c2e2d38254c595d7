// <spilno-account>: one link for a masthead, to sign in or to the reader's own page, which says how their support
// stands. A stranger is asked about nothing. Where a wall of the same API on the page finds out, its word is taken; else
// one call does. What it said is kept in this tab: "thank you" for ten minutes; for one, that somebody does not support,
// who may be about to; never that a payment failed, which the page that they come back from may have mended.
const KEPT = { supporter: 600000, known: 60000 };

class made {
  listen(signal) {
    const on = (name, action) => addEventListener(name, action, { signal });
    on("spilno:signed-out", () => { this.keep(); this.begin(); });
    for (const name of ["opened", "closed"]) {
      on(`spilno:${name}`, (event) => event.composedPath()[0].api === this.api && this.heard(event.detail?.reason));
    }
    // In another tab meanwhile somebody may have signed out, supported, or mended a payment.
    on("visibilitychange", () => own("visibilityState") === "visible" && this.again());
  }
  // Who only holds a gift is a stranger: there is no page of theirs.
  hinted() { return hint("ask", this.api, "(;|$)"); }
  again() {
    if (this.hinted() && !this.kept()) this.ask();
    else this.begin();
  }
  start() {
    dress(this);
    const known = this.hinted();
    if (!known) this.keep();
    this.draw(known ? this.kept() || "known" : "stranger");
    if (!known || this.kept()) return;
    // A wall may have said so before this part was there to listen.
    const wall = [...own("querySelectorAll").call(document, "spilno-wall")].find((one) => one.api === this.api);
    if (!wall) this.ask();
    else if (wall.hasAttribute("reason")) this.heard(wall.getAttribute("reason"));
  }
  async ask() {
    const { turn } = this;
    if (this.asked === turn) return;
    this.asked = turn;
    const session = await call(this, "/v1/session").catch(() => null);
    if (turn !== this.turn) return;
    this.asked = 0;
    if (!session) return;
    // What found nobody takes the hint away.
    if (!this.hinted()) return this.begin();
    this.told(session.payment_failed ? "late" : session.supports ? "supporter" : "known");
  }
  // What a wall found out about its reader.
  heard(reason) {
    if (reason === "away") return;
    if (!this.hinted()) return this.start();
    const state = { supporter: "supporter", higher_tier: "supporter", payment_failed: "late", support: "known" }[reason];
    if (state) this.told(state);
    else if (!this.kept()) this.ask();
  }
  told(state) { this.keep(state); this.draw(state); }
  draw(state) {
    const t = TEXTS[this.language];
    const href = state === "stranger" ? page(this, "sign-in") : `${this.api}/account?lang=${this.language}`;
    // Whoever goes there may come back as somebody else.
    this.root.replaceChildren(h("a", { part: `link ${state}`, href, onclick: () => this.keep() }, t[`${state}_`]));
    if (this.getAttribute("state") === state) return;
    this.setAttribute("state", state);
    this.tell("account", { state });
  }
  // The word alone, for this tab: nothing that says who reads.
  get name() { return `spilno-account ${this.api}`; }
  kept() {
    try {
      const [state, until] = sessionStorage[this.name].split(" ");
      return until > Date.now() && state;
    } catch {}
  }
  keep(state) {
    try {
      if (KEPT[state]) sessionStorage[this.name] = `${state} ${Date.now() + KEPT[state]}`;
      else delete sessionStorage[this.name];
    } catch {}
  }
  fallback() { this.blocked(); }
}
