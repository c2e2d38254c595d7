// What both elements share: asking the API, and building DOM without innerHTML.
// The files of this folder are joined in name order into one classic script inside one function, so nothing
// here becomes a global. Comments and what space nothing needs are dropped on the way: see http/widget.py.

// HTML of a page can name an element so that it stands before what a document knows of itself
// (`<img name=currentScript>`): the document's own properties are asked for past it.
const own = (name) => Reflect.get(Document.prototype, name, document);
const HOME = /^(.*?)\/widget\.js/.exec(own("currentScript")?.src)?.[1] || "";

// h("p", {part: "note", onclick: …}, "text", child): attributes that are null or false are left out, and so are children.
const h = (tag, attributes, ...children) => {
  const node = own("createElement").call(document, tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value != null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter(Boolean));
  return node;
};

const parsed = new Promise((resolve) => {
  if (own("readyState") === "loading") addEventListener("DOMContentLoaded", resolve);
  else resolve();
});

const fault = (message, more) => Object.assign(new Error(message), more);

// One call to the API. Every failure is an Error whose message is a sentence for the reader, with `code`, and
// `field`, `minimum`, `maximum` where the API's problem+json has them. A refused preflight, an unlisted origin
// and a dead network look the same to a page: code "unreachable".
const call = async (owner, path, method = "GET", body = undefined, credentials = "include") => {
  const headers = { Accept: "application/json", "Accept-Language": owner.spoken || "*" };
  if (body) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(owner.api + path, {
      method, credentials, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(30000),
    });
  } catch {
    throw fault(owner.t.unreachable, { code: "unreachable" });
  }
  const data = (await answer.json().catch(() => null)) || {};
  if (answer.ok) return data;
  const message = data.title || owner.t.unexpected;
  throw fault(message, { code: "unexpected", ...data, message, status: answer.status });
};

// The newsroom's public settings, asked once a page. A failure is forgotten, so that a retry asks again.
const newsrooms = new Map();
const firstLanguages = new Map();
const newsroom = (owner) => {
  const { api } = owner;
  if (!newsrooms.has(api)) {
    newsrooms.set(api, call(owner, "/v1/newsroom", "GET", undefined, "omit").then((news) => {
      firstLanguages.set(api, understood(news.languages?.[0]));
      return news;
    }).catch((problem) => {
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
  const there = new URL(api);
  return navigator.cookieEnabled && there.protocol === location.protocol && site(there.hostname) === site(location.hostname);
};

// 22 characters of 110 random bits, new for every wish to give.
const freshAttempt = () =>
  [...crypto.getRandomValues(new Uint8Array(22))].map((byte) => (byte % 32).toString(32)).join("");

// This page's address in the characters of RFC 3986, at most 2,000 of them: what only follows readers about goes
// first, then the fragment, then the query. Undefined where a page has no address (srcdoc), or none short enough.
const FOLLOWS = /^(utm|mtm|mc|_|igsh)|clk?id=|braid=/i;
const here = (hash = "") => {
  const { origin, pathname, search } = location;
  const wanted = search.split(/[?&]/).filter((one) => one && !FOLLOWS.test(one)).join("&");
  const query = wanted && `?${wanted}`;
  return [search + hash, query + hash, query, ""]
    .map((rest) => origin + (pathname + rest).replace(/[^\w\-.~!$&()*+,;:@=/?#%]/g,
      (sign) => `%${sign.charCodeAt().toString(16).toUpperCase()}`))
    .find((address) => /^http.{1,1996}$/.test(address));
};

// The code of a language as people write it: "uk", "uk-UA", "uk_UA", "ukr", "ua", " UK "; undefined for all that
// the elements do not speak.
const understood = (lang) =>
  /^\s*(ukr?|ua|укр)(?![a-z])/i.test(lang) ? "uk" : /^\s*en/i.test(lang) ? "en" : undefined;

// The ground of both elements: a shadow root that shows the fallback until there is something better.
class Part extends HTMLElement {
  constructor() {
    super();
    this.root = this.attachShadow({ mode: "open" });
    this.root.adoptedStyleSheets = [sheet];
    this.root.append(h("slot"));
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
    return understood(near && Element.prototype.getAttribute.call(near, "lang")) || firstLanguages.get(this.api);
  }
  get language() { return this.spoken || understood(navigator.language) || "en"; }
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
      if (!this.isConnected) return;
      await this.start().catch((error) => {
        reportError(error);
        this.fallback();
      });
    });
  }
  listen() {}
  // The API's own page for giving, told of the wish, and where the reader comes from.
  donatePage(wish) {
    const address = new URL(`${this.api}/donate`);
    const values = {
      ...wish, campaign: this.getAttribute("campaign"), source: here(), return_to: here(location.hash), lang: this.language,
    };
    for (const [name, value] of Object.entries(values)) if (value) address.searchParams.set(name, value);
    return address.href;
  }
  paint(news) { this.style.setProperty("--spilno-newsroom-accent", news?.colours?.accent || ""); }
  tell(name, detail) { this.dispatchEvent(new CustomEvent(`spilno:${name}`, { bubbles: true, composed: true, detail })); }
  said(problem) { this.tell("error", { code: problem.code, title: problem.message, status: problem.status }); }
}
