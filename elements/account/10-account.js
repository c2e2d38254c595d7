// <spilno-account>: one link for a masthead, to sign in or, with the hint, to the reader's own page. It asks nothing.
class made {
  listen(signal) {
    for (const name of ["spilno:opened", "spilno:signed-out"]) addEventListener(name, () => this.start(), { signal });
  }
  start() {
    const { mine, signIn } = TEXTS[this.language];
    const known = hint("ask", this.api);
    const href = known ? `${this.api}/account?lang=${this.language}` : page(this, "sign-in");
    this.root.replaceChildren(h("a", { part: "link", href }, known ? mine : signIn));
  }
  fallback() { this.blocked(); }
}
