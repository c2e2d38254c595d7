// Asking the API, and fetching the parts.

const fault = (message, more) => Object.assign(new Error(message), more);
// The outcome of a promise that nobody waits for yet.
const settled = (promise) => promise.then((value) => ({ value }), (problem) => ({ problem }));

// One call to the API. Every failure is an Error with `code`, and with the sentence, `field`, `minimum`, `maximum` of
// the API's problem+json where it has them. A refused preflight, an unlisted origin and a dead network look the same to
// a page: code "unreachable". Nothing that is about this reader is asked for before somebody looks at the page.
const call = async (owner, path, method = "GET", body = undefined, credentials = "include") => {
  if (credentials === "include" && own("prerendering")) await once("prerenderingchange");
  const headers = { Accept: "application/json", "Accept-Language": owner.spoken || "*" };
  if (body) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(owner.api + path, {
      method, credentials, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(30000),
    });
  } catch {
    throw fault("", { code: "unreachable" });
  }
  const data = (await answer.json().catch(() => null)) || {};
  if (answer.ok) return data;
  throw fault("", { code: "unexpected", ...data, message: data.title || "", status: answer.status });
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

// A part, fetched once, by its whole address: a relative one fails in a classic script from elsewhere. Only from where
// this script came, never from an element's `api`: whoever gets an element past a sanitiser must not get a script in.
// What has failed is asked for under another address the next time, since browsers remember that it failed.
const parts = {};
let failures = 0;
const part = (name) => parts[name] ||= import(`${HOME}/widget/${PARTS[name]}${failures ? `?${failures}` : ""}`)
  .then((module) => module.default(KIT))
  .catch((problem) => {
    delete parts[name];
    failures++;
    throw problem;
  });
