// What both elements share: asking the API, money, dates, and building DOM without innerHTML.
// The files of this folder are joined in name order into one classic script inside one function, so nothing
// here becomes a global. Lines that hold only a comment are dropped on the way.

const HOME = (document.currentScript?.src || "").replace(/\/widget\.js.*$/, "");

// h("p", {part: "note", onclick: …}, "text", child): attributes that are null or false are left out.
const h = (tag, attributes, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value != null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child != null && child !== false));
  return node;
};

const parsed = new Promise((resolve) => {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", resolve);
  else resolve();
});

// One call to the API. Every failure is an Error whose message is a sentence for the reader, with `code`, and
// `field`, `minimum`, `maximum` where the API's problem+json has them. A refused preflight, an unlisted origin
// and a dead network look the same to a page: code "unreachable".
const call = async (owner, path, method = "GET", body = undefined, credentials = "include") => {
  const headers = { Accept: "application/json", "Accept-Language": owner.language };
  if (body) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(owner.api + path, {
      method, credentials, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(30000),
    });
  } catch {
    throw Object.assign(new Error(owner.t.unreachable), { code: "unreachable" });
  }
  const data = await answer.json().catch(() => ({}));
  if (answer.ok) return data;
  const { title, code = "unexpected", field, minimum, maximum } = data;
  throw Object.assign(new Error(title || owner.t.unexpected), { code, field, minimum, maximum, status: answer.status });
};

// The newsroom's public settings, asked once a page. A failure is forgotten, so that a retry asks again.
const newsrooms = new Map();
const newsroom = (owner) => {
  const { api } = owner;
  if (!newsrooms.has(api)) {
    newsrooms.set(api, call(owner, "/v1/newsroom", "GET", undefined, "omit").catch((problem) => {
      newsrooms.delete(api);
      throw problem;
    }));
  }
  return newsrooms.get(api);
};

// Cookies of the API reach it from this page only on the same scheme and registrable domain. Without the
// public suffix list this is a guess, generous on purpose: where it is too generous, the API's CORS answer
// refuses, and that is treated the same way.
const site = (host) => {
  if (/^[\d.]+$|:/.test(host)) return host;
  const labels = host.split(".");
  return labels.slice(/^(com|org|net|edu|gov|co|ac|in)$/.test(labels.at(-2)) && labels.at(-1).length === 2 ? -3 : -2).join(".");
};
const cookiesReach = (api) => {
  const there = new URL(api, location.href);
  return navigator.cookieEnabled && there.protocol === location.protocol && site(there.hostname) === site(location.hostname);
};

// 500 -> "5.00": minor units become a decimal string without any floating point.
const major = (minor, decimals) => {
  const digits = String(minor).padStart(decimals + 1, "0");
  return decimals ? `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : digits;
};
// "5", "5,5", "1 000.00 €" -> minor units; NaN when it is not an amount in this currency.
const minor = (text, decimals) => {
  const match = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.replace(/[\s\p{Sc}]/gu, ""));
  if (!match || (match[2] || "").length > decimals) return NaN;
  return Number(match[1] + (match[2] || "").padEnd(decimals, "0"));
};
const money = (amount, currency, decimals, lang) => {
  const text = major(amount, decimals).replace(/\.0+$/, "");
  const fraction = text.includes(".") ? decimals : 0;
  return new Intl.NumberFormat(lang === "uk" ? "uk" : "en-IE", {
    style: "currency", currency, currencyDisplay: "narrowSymbol",
    minimumFractionDigits: fraction, maximumFractionDigits: fraction,
  }).format(text);
};
const day = (date, lang) =>
  new Intl.DateTimeFormat(lang === "uk" ? "uk" : "en-GB", { day: "numeric", month: "long", year: "numeric" })
    .format(date).replace(/\s*р\.$/, "");

// 22 characters of base64url: 16 random bytes, new for every wish to give.
const freshAttempt = () =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const here = () => location.href.split("#")[0];
// `source` may have 500 characters: a long query goes first, then the source itself.
const source = () => [here(), here().split("?")[0]].find((address) => address.length <= 500);

// The ground of both elements: a shadow root that shows the fallback until there is something better.
class Part extends HTMLElement {
  constructor() {
    super();
    this.root = this.attachShadow({ mode: "open" });
    this.root.adoptedStyleSheets = [sheet];
    this.root.append(h("slot"));
    this.turn = 0;
  }
  get api() { return (this.getAttribute("api") || HOME).replace(/\/+$/, ""); }
  get language() {
    const near = this.closest("[lang]") || this.getRootNode().host || document.documentElement;
    return /^uk\b/i.test(near.lang) ? "uk" : "en";
  }
  get t() { return TEXTS[this.language]; }
  // The newsroom's own words in the reader's language, or in the one it has.
  say(words) { return words?.[this.language] ?? Object.values(words || {})[0] ?? ""; }
  get preview() { return this.getAttribute("preview"); }
  connectedCallback() {
    this.leave = new AbortController();
    const { signal } = this.leave;
    addEventListener("pageshow", (event) => event.persisted && this.returned(), { signal });
    this.listen(signal);
    this.begin();
  }
  disconnectedCallback() { this.leave.abort(); this.turn++; }
  attributeChangedCallback() { if (this.leave) this.begin(); }
  // Several attributes set in a row start one round.
  begin() {
    if (this.due) return;
    this.due = true;
    queueMicrotask(async () => {
      await parsed;
      this.due = false;
      if (this.isConnected) this.start();
    });
  }
  listen() {}
  paint(news) { this.style.setProperty("--spilno-newsroom-accent", news?.colours?.accent || ""); }
  tell(name, detail) { this.dispatchEvent(new CustomEvent(`spilno:${name}`, { bubbles: true, composed: true, detail })); }
  said(problem) { this.tell("error", { code: problem.code, title: problem.message, status: problem.status }); }
}
