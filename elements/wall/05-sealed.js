// Sealed text: a file that any host may carry, opened by a key that only the API hands out. Neither key nor text is
// kept anywhere but in the page.
const bytes = (text) => {
  const plain = text.replace(/[-_]/g, (sign) => (sign === "-" ? "+" : "/"));
  // By far the faster one, where there is one.
  return Uint8Array.fromBase64?.(plain) ?? Uint8Array.from(atob(plain), (sign) => sign.charCodeAt());
};
// The text of a file that is what was asked for; throws for any other, and where the key is another's.
const unseal = async (file, key, wanted) => {
  const [line] = file.split("\n", 1);
  const header = JSON.parse(line);
  for (const [name, value] of Object.entries(wanted)) if (header[name] !== value) throw fault(name);
  const secret = await crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, ["decrypt"]);
  const packed = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: bytes(header.iv), additionalData: new TextEncoder().encode(line) },
    secret, bytes(file.slice(line.length + 1)),
  );
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
};
// A host that does not answer is not waited for: there is another way to the text, from a copy elsewhere a quick one.
// What it has begun to send is given up, or it would share a slow line with what is fetched in its place.
const taken = (asked, copy) => {
  const stop = new AbortController();
  return Promise.race([
    asked.then(({ body }) => new Response(body.pipeThrough(new TransformStream(), { signal: stop.signal })).text()),
    new Promise((_, tooLate) => setTimeout(() => tooLate(stop.abort()), copy ? 2500 : 8000)),
  ]);
};
// The seal that the website's page carries, of this article, with its ticket.
const inPage = (wall) => {
  try {
    const put = JSON.parse(wall.getAttribute("seal"));
    return put.ticket && put.sealed.includes(`${wall.path}/`) ? put : null;
  } catch {}
};
const from = (address, copy) => settled(taken(fetch(address, { credentials: "omit" }), copy));
// The answer on this article with its text, or the refusal; nothing where the plain call has to bring it.
const unsealed = async (wall, { seal, sealed, file, key, gift }) => {
  const { path } = wall;
  const article = wall.getAttribute("article");
  const ask = ({ version, needs, ticket }) =>
    settled(call(wall, `${path}/key?v=${version}&needs=${needs}&t=${ticket}${gift ? `&gift=${gift}` : ""}`));
  let { value: known, problem: away } = await seal;
  // Where nobody says what is current, the page's own: its ticket may be old, and the API knows what that is worth.
  if (!known && !(away?.status < 500)) known = inPage(wall);
  for (const first of [true, false]) {
    if (!known?.version) return;
    const { version, needs, ticket } = known;
    const address = first ? sealed : known.sealed;
    const copy = address !== known.sealed;
    // Side by side, and what the loader has asked for already not again.
    const text = first && file ? settled(taken(file.then(({ value }) => value), copy)) : from(address, copy);
    // What stands in the page has a ticket, or it was not used: so no key is ever taken from there. Whoever could write
    // one into the page could write the text.
    const begun = performance.now();
    let { value, problem } = ticket ? await ((first && key) || ask(known))
      : { value: { key: known.key, decision: { open: true, reason: "open" } } };
    // Who may read by a right of their own uses up nobody's gift.
    if (value && !value.key && first && key && gift) ({ value, problem } = await ask(known));
    if (value && !value.key) return value.decision?.open === false && { value };
    const opened = async (source) =>
      unseal((await source).value, value.key, { spl: 1, alg: "A256GCM", article, version, needs });
    if (value) {
      let html = (await settled(opened(text))).value;
      // A copy elsewhere that is none, or of another version.
      if (html == null && copy) html = (await settled(opened(from(known.sealed)))).value;
      // By pass and ticket alone the API says no more than the key.
      if (html != null) return { value: { decision: { open: true, reason: "supporter" }, ...value, key: null, html } };
    }
    // Who took long to say that its records are away (1.2 s, where they are silent) would take as long for each further
    // question, and longer for the text itself. A call that was lost on a slow line says nothing of them.
    if (problem?.status >= 500 && performance.now() - begun > 1000) return { problem };
    // Once more, past what caches on the way still hold.
    known = problem?.seal ?? (await settled(call(wall, `${path}/seal?not=${version}`, "GET", undefined, "omit"))).value;
    if (value && known?.version === version) return;
  }
};
