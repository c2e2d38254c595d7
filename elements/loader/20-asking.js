// Asking the API, and fetching the parts.

const fault = (message, more) => Object.assign(Error(message), more);
// The outcome of a promise that nobody waits for yet.
const settled = (promise) => promise.then((value) => ({ value }), (problem) => ({ problem }));

// One call to the API. Every failure is an Error with `code`, and with `title`, `field`, `minimum`, `maximum` of
// the API's problem+json where it has them; of any other answer (API Gateway's, a proxy's) the status alone counts. A
// refused preflight, an unlisted origin and a dead network look the same to a page: code "unreachable". Nothing that is
// about this reader is asked for before somebody looks at the page.
const call = async (owner, path, method = "GET", body, credentials = "include") => {
  if (credentials === "include" && own("prerendering")) await once("prerenderingchange");
  const answer = await fetch(owner.api + path, {
    method, credentials, body: body && JSON.stringify(body), signal: AbortSignal.timeout(30000),
    headers: { "Accept-Language": owner.spoken || "*", ...(body && { "Content-Type": "application/json" }) },
  }).catch(() => { throw fault("", { code: "unreachable" }); });
  const data = (await answer.json().catch(() => null)) || {};
  if (answer.ok) return data;
  throw fault("", {
    code: "unexpected", ...(/problem/.test(answer.headers.get("Content-Type")) && data), status: answer.status,
  });
};

// The newsroom's public settings, asked once a page. A failure is forgotten, so that a retry asks again.
const newsrooms = {};
const firstLanguages = {};
const newsroom = (owner) => {
  const { api } = owner;
  return newsrooms[api] ||= call(owner, "/v1/newsroom", "GET", null, "omit").then((news) => {
    firstLanguages[api] = understood(news.languages?.[0]);
    return news;
  }).catch(() => {
    delete newsrooms[api];
    return null;
  });
};

// A part, fetched once, by its whole address: a relative one fails in a classic script from elsewhere. Only from where
// this script came, never from an element's `api`: whoever gets an element past a sanitiser must not get a script in.
// What has failed is asked for under another address the next time, since browsers remember that it failed.
const parts = {};
let failures = 0;
const part = (name) => parts[name] ||= import(`${HOME}/widget/${name}-${RELEASE}.js?${failures}`)
  .then((module) => module.default(KIT))
  .catch((problem) => {
    delete parts[name];
    failures++;
    throw problem;
  });
