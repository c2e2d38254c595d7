// <spilno-donate>: choose how often, how much and in what currency, then leave for the payment page.
const INTERVALS = ["once", "month", "year"];

class made {
  get t() { return TEXTS[this.language]; }

  listen(signal) {
    for (const name of ["opened", "closed", "error", "account"]) {
      addEventListener(`spilno:${name}`, () => this.silent === undefined || this.silent === this.silence() || this.begin(),
        { signal });
    }
  }
  // Under a text that the reader's own gift has opened nobody asks again, nor where the masthead knows that they give;
  // nor while a wall of this page still asks about somebody who may have given. Never inside a wall: that has its reasons.
  silence() {
    if (this.hasAttribute("always")) return false;
    const walls = [...own("querySelectorAll").call(document, "spilno-wall")];
    const gives = "spilno-account[state=supporter],spilno-account[state=late]";
    return !!own("querySelector").call(document, gives) || walls.some((wall) => wall.getAttribute("reason") === "supporter"
      || (wall.place?.isConnected && !wall.shown && wall.preview == null && hint("ask", this.api)));
  }

  async start(asked) {
    const { turn } = this;
    dress(this);
    const news = await asked;
    if (turn !== this.turn) return;
    this.silent = this.silence();
    this.style.minHeight = this.silent ? "auto" : "";
    if (this.silent) return this.root.replaceChildren();
    this.news = news && cookiesReach(news) ? news : null;
    if (!this.news) return this.fallback();
    this.paint(this.news);
    this.choose();
    if (this.hasAttribute("compact")) this.fold(); else this.render();
  }

  // The link inside stays and learns what was asked for: the API is down, or its cookies cannot reach it here.
  fallback() {
    this.style.minHeight = "auto";
    this.root.replaceChildren(h("slot"));
    for (const link of this.querySelectorAll("a[href]")) {
      if (link.href.split(/[?#]/)[0] === `${this.api}/donate`) link.href = this.hostedAddress();
    }
    if (!this.querySelector("a[href]")) {
      this.root.append(h("a", { class: "button", part: "button", href: this.hostedAddress() }, this.t.support));
    }
  }
  hostedAddress() {
    const { currency, interval } = this.wish || {};
    return givePage(this, {
      amount: this.wish ? this.amount() : this.getAttribute("amount"),
      currency: currency || this.getAttribute("currency"),
      interval: interval || this.getAttribute("interval"),
    });
  }

  // One button that unfolds the form: what stands under an article.
  fold() {
    const label = this.textContent.trim() || this.t.support;
    const open = () => { this.render(); this.root.querySelector(":checked").focus(); };
    this.root.replaceChildren(
      h("button", { class: "main", part: "button open", type: "button", "aria-expanded": "false", onclick: open }, label));
  }

  // The first wish: what the attributes ask for as far as the newsroom accepts it.
  choose() {
    const { news } = this;
    const asked = (this.getAttribute("currency") || "").toLowerCase();
    const currency = [asked, this.usual()].find((one) => one && Object.hasOwn(news.currencies, one)) || news.default_currency;
    const interval = [this.getAttribute("interval"), news.default_interval, ...INTERVALS]
      .find((one) => INTERVALS.includes(one) && news.currencies[currency].presets[one]?.length);
    this.wish = { currency, interval, own: "" };
    this.first = `${currency} ${interval}`;
    this.wish.choice = this.likely();
    const amount = Number(this.getAttribute("amount"));
    if (Number.isSafeInteger(amount) && amount > 0) {
      this.wish.choice = this.presets().includes(amount) ? amount : "own";
      if (this.wish.choice === "own") this.wish.own = typed(amount, this.terms.decimals);
    }
    this.attempt = freshAttempt();
  }
  // The reader's usual currency. Not where amounts are given without one: they are in the newsroom's own; and not where
  // it has nothing that opens what is asked for.
  usual() {
    const currency = currencyHere(this.news);
    const { earns = {} } = this.news.currencies[currency] || {};
    const opens = Object.values(earns).flat().some((step) => this.reaches(step));
    return !this.hasAttribute("amount") && !this.hasAttribute("amounts") && (opens || !this.getAttribute("tier")) && currency;
  }
  get terms() { return this.news.currencies[this.wish.currency]; }
  get intervals() { return INTERVALS.filter((one) => this.terms.presets[one]?.length); }
  get ladder() { return [...(this.terms.earns?.[this.wish.interval] || [])].sort((a, b) => a.from - b.from); }
  money(amount) { return money(amount, this.wish.currency, this.terms.decimals, this.language); }
  // Minor units; NaN when what was typed is no amount here. Some currencies move in whole units only: `step`.
  amount() {
    const { wish, terms } = this;
    const amount = wish.choice === "own" ? minor(wish.own, terms.words, terms.decimals) : wish.choice;
    return amount % (terms.step || 1) ? NaN : amount;
  }
  // Why this amount cannot be given, in a sentence; nothing where it can.
  refusal(amount) {
    const { t, terms: { minimum, maximum } } = this;
    if (!(amount > 0)) return t.badAmount;
    if (amount < minimum) return t.least(this.money(minimum));
    return amount > maximum && t.most(this.money(maximum));
  }

  // The lowest amount that earns the tier asked for by `tier`, a higher tier included.
  lowest() {
    return this.getAttribute("tier") && this.ladder.find((step) => this.reaches(step))?.from;
  }
  reaches(step) {
    const rank = (name) => this.news.tiers.findIndex((tier) => tier.name === name);
    return rank(step.tier) >= rank(this.getAttribute("tier"));
  }
  presets() {
    const { interval, currency } = this.wish;
    const own = (this.getAttribute("amounts") || "").match(/\d+/g);
    const list = own && `${currency} ${interval}` === this.first ? own.map(Number) : this.terms.presets[interval];
    const all = new Set([...list, this.lowest()].filter((one) => one >= this.terms.minimum && one <= this.terms.maximum));
    return [...all].sort((a, b) => a - b);
  }
  // The amount at this place; without one the middle one, of an even number the lower of the two, as on the page.
  likely(index) {
    const presets = this.presets();
    const last = presets.length - 1;
    return this.lowest() || presets[Math.min(index ?? last >> 1, last)] || "own";
  }

  // Any change is a new wish to give, so it gets an attempt of its own.
  change(patch) {
    const index = this.presets().indexOf(this.wish.choice);
    Object.assign(this.wish, patch);
    this.attempt = freshAttempt();
    this.fail(null);
    if (patch.currency || patch.interval) {
      if (!this.intervals.includes(this.wish.interval)) this.wish.interval = this.intervals[0];
      if (this.wish.choice !== "own") this.wish.choice = this.likely(Math.max(index, 0));
      if (patch.currency) this.render(); else this.renderAmounts();
    }
    this.update();
  }

  radios(name, legend, options, chosen, pick) {
    const option = ([value, label]) => h("label", { part: "option" },
      h("input", {
        type: "radio", name, value, checked: value === chosen, onchange: () => pick(value),
        // A finger or a mouse (detail > 0) goes on to the field at once; arrow keys may wander past.
        onclick: (event) => { if (value === "own" && event.detail) { pick(value); this.own.focus(); } },
      }),
      label);
    return h("fieldset", { part: `group ${name}` },
      h("legend", {}, legend), h("div", { class: "row" }, ...options.map(option)));
  }

  render() {
    const { t, news, wish } = this;
    const page = news.payment_page_language?.[this.language];
    this.amounts = h("div");
    this.choices = h("div");
    this.sentence = h("p", { part: "sentence", "aria-live": "polite" });
    this.error = h("p", { part: "error", role: "alert", id: "error", hidden: true });
    this.button = h("button", { class: "main", part: "button", type: "submit" });
    const onsubmit = (event) => this.submit(event);
    this.root.replaceChildren(h("form", { part: "form", lang: this.language, novalidate: true, onsubmit },
      news.livemode === false && h("p", { part: "banner" }, t.test),
      this.choices, this.sentence, this.error, this.button,
      page && page !== this.language && h("p", { part: "note" }, t.page(page))));
    this.choices.append(
      this.radios("interval", t.often, this.intervals.map((one) => [one, t[one]]), wish.interval,
        (interval) => this.change({ interval })),
      this.amounts);
    this.renderAmounts();
    this.update();
  }

  renderAmounts() {
    const { t, wish, news, terms } = this;
    const offered = this.presets().map((one) => [one, this.money(one)]);
    const group = this.radios("amount", t.amount, [...offered, ["own", t.own]], wish.choice,
      (choice) => this.change({ choice }));
    const sign = this.money(0).replace(/[\d\s]/g, "");
    this.own = h("input", {
      part: "own", id: "own", type: "text", inputmode: "decimal", autocomplete: "off", value: wish.own,
      "aria-describedby": "least error", oninput: () => this.change({ own: this.own.value }),
    });
    this.least = h("p", { part: "note", id: "least" }, t.least(this.money(terms.minimum)));
    this.box = h("div", {}, h("label", { class: "label", for: "own" }, `${t.yours}, ${sign}`), this.own, this.least);
    const other = () => {
      this.change({ currency: select.value });
      // The form was drawn anew.
      this.root.getElementById("currency").focus();
    };
    const select = h("select", { part: "currency", id: "currency", onchange: other },
      ...Object.keys(news.currencies).map((code) =>
        h("option", { value: code, selected: code === wish.currency }, code.toUpperCase())));
    this.amounts.replaceChildren(group, this.box,
      h("p", { class: "line" }, h("label", { class: "label", for: "currency" }, t.currency), select));
  }

  update() {
    const { t, wish } = this;
    const amount = this.amount();
    this.box.hidden = wish.choice !== "own";
    // The sentence says it then.
    this.least.hidden = amount < this.terms.minimum;
    this.choices.inert = !!this.busy;
    this.button.textContent = this.busy ? t.busy : this.refusal(amount) ? t.support : t.button(this.money(amount), wish.interval);
    this.button.setAttribute("aria-disabled", !!this.busy);
    this.sentence.textContent = this.promise(amount);
  }

  // What the chosen amount opens, and until when.
  promise(amount) {
    const { t, wish, ladder } = this;
    const opens = (step) => this.say(this.news.tiers.find((tier) => tier.name === step.tier)?.opens) || step.tier;
    const refusal = this.refusal(amount);
    if (refusal) return refusal;
    const step = ladder.filter((one) => one.from <= amount).pop();
    if (!step) return ladder[0] ? `${t.nothing} ${t.from(this.money(ladder[0].from), opens(ladder[0]))}` : t.nothing;
    const until = new Date();
    if (wish.interval === "once") until.setDate(until.getDate() + step.days);
    else until.setFullYear(until.getFullYear() + 1);
    return t.opens[wish.interval](opens(step), step.days, day(until, this.language));
  }

  // problem: null, or an Error with a sentence; minimum and maximum are added in the reader's own currency.
  fail(problem) {
    const { code, field, minimum, maximum } = problem || {};
    const atOwn = field === "amount" && this.wish.choice === "own";
    const bounds = minimum && maximum && `${this.t.least(this.money(minimum))} ${this.t.most(this.money(maximum))}`;
    this.error.hidden = !problem;
    // At the field it is about: on a phone the button, where other refusals stand, is out of sight by then.
    if (atOwn) this.box.prepend(this.error);
    else this.button.before(this.error);
    this.sentence.hidden = atOwn;
    this.error.textContent = [problem && sentence(this, problem), bounds].filter(Boolean).join(" ");
    this.own.setAttribute("aria-invalid", atOwn);
    if (!problem) return;
    if (code === "unreachable") {
      this.error.append(" ", h("a", { class: "quiet", href: this.hostedAddress() }, this.t.support));
    }
    if (code === "already_supporting") this.already();
    if (atOwn) this.own.focus();
    if (code) said(this, problem);
  }

  // Who gives every month already: the way to change that, and a button for a second gift beside it.
  already() {
    const { t, api, language } = this;
    const yes = h("button", { class: "quiet", part: "link", type: "button", onclick: (event) => {
      this.setAttribute("second", "");
      this.submit(event);
    } }, t.second);
    this.error.append(" ", h("a", { class: "quiet", part: "link", href: `${api}/account?lang=${language}` }, t.changeIt), " ", yes);
    this.error.querySelector("a").focus();
  }

  rest() { this.busy = false; if (this.button) this.update(); }
  returned() { this.attempt = freshAttempt(); this.rest(); }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const amount = this.amount();
    const refusal = this.refusal(amount);
    if (refusal) return this.fail(fault(refusal, { field: "amount" }));
    this.fail(null);
    if (this.preview != null) return this.fail(new Error(this.t.preview));
    this.busy = true;
    this.update();
    try {
      const { url } = await this.ask(amount).catch((problem) => {
        // Paid, expired, changed, or begun before this browser lost its cookies: the wish is still good, the attempt is not.
        if (!/^attempt_/.test(problem.code)) throw problem;
        this.attempt = freshAttempt();
        return this.ask(amount);
      });
      location.assign(url);
      // A reader who stopped the page from loading may press again: the same attempt answers the same address.
      setTimeout(() => this.rest(), 10000);
    } catch (problem) {
      this.rest();
      this.fail(problem);
    }
  }
  ask(amount) {
    const { currency, interval } = this.wish;
    return call(this, "/v1/checkouts", "POST", {
      amount, currency, interval, attempt: this.attempt, locale: this.language,
      unless_supporting: !this.hasAttribute("second"),
      campaign: this.getAttribute("campaign") || undefined, source: here(), return_to: here(location.hash),
    });
  }
}
