// <spilno-account>: one link for a masthead, to sign in or to the reader's own page, which says how their support
// stands. A stranger is asked about nothing. Where a wall on the page finds out, its word is taken; else one call does,
// every ten minutes at most.
const KEPT = 600000;

class made {
  listen(signal) {
    const on = (name, action) => addEventListener(`spilno:${name}`, action, { signal });
    on("signed-out", () => { this.keep(); this.begin(); });
    for (const name of ["opened", "closed"]) on(name, ({ detail }) => this.heard(detail?.reason));
  }
  start() {
    const known = hint("ask", this.api);
    if (!known) this.keep();
    this.draw(known ? this.kept() || "known" : "stranger");
    if (!known || this.kept()) return;
    // A wall may have said so before this part was there to listen.
    const wall = own("querySelector").call(document, "spilno-wall");
    if (!wall) this.ask();
    else if (wall.hasAttribute("reason")) this.heard(wall.getAttribute("reason"));
  }
  async ask() {
    const { turn } = this;
    const session = await call(this, "/v1/session").catch(() => null);
    if (session && turn === this.turn) this.told(session.payment_failed ? "late" : session.supports ? "supporter" : "known");
  }
  // What a wall found out about its reader.
  heard(reason) {
    if (!hint("ask", this.api)) return this.start();
    const state = { supporter: "supporter", higher_tier: "supporter", payment_failed: "late", support: "known" }[reason];
    if (state) this.told(state);
    else if (!this.kept()) this.ask();
  }
  told(state) { this.keep(state); this.draw(state); }
  draw(state) {
    const t = TEXTS[this.language];
    const href = state === "stranger" ? page(this, "sign-in") : `${this.api}/account?lang=${this.language}`;
    this.root.replaceChildren(h("a", { part: `link ${state}`, href }, t[`${state}_`]));
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
      if (state) sessionStorage[this.name] = `${state} ${Date.now() + KEPT}`;
      else delete sessionStorage[this.name];
    } catch {}
  }
  fallback() { this.blocked(); }
}
