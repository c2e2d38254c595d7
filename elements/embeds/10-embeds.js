// What other sites' scripts show within an opened text. HTML that is set runs no script: of those in the text, the ones
// that the newsroom lists are run, and of what the others would have shown there is a link where one is known. Scripts
// without an address are never run.

// An entry is the whole address of a script, to which any query may be added, or a host, `*.` for all below it.
const listed = (address, list) => {
  try {
    const { protocol, host, pathname } = new URL(address);
    return protocol === "https:" && list.some((one) =>
      one.includes("/") ? one === `https://${host}${pathname}` : one === host || (one[0] === "*" && host.endsWith(one.slice(1))));
  } catch {}
};
// The page that a script of an unlisted host would have shown something of.
const shown = (src, post) =>
  /^\w+(\/\d+)+$/.test(post) ? `https://t.me/${post}`
    : /^(https:\/\/gist\.github\.com\/[\w.-]+\/[0-9a-f]+)\.js/.exec(src)?.[1]
    || /^(https:\/\/datawrapper\.dwcdn\.net\/\w+)\/embed\.js/.exec(src)?.[1];
// What a script is told beside its address. No handler is among it, which would be a script without one.
const TOLD = /^(data-[\w-]+|id|class|type|charset|crossorigin|integrity|referrerpolicy)$/;
// Scripts that are in the page already, from a text before or from the site's own pages, look for posts when told to.
const AGAIN = {
  "www.instagram.com": () => instgrm.Embeds.process(),
  "platform.twitter.com": (wall) => twttr.widgets.load(wall),
  "platform.x.com": (wall) => twttr.widgets.load(wall),
};
const lookedAgain = (src, wall) => {
  try {
    AGAIN[new URL(src).hostname](wall);
    return true;
  } catch {}
};
const running = new WeakSet();
const made = (wall, list, policy) => {
  // Closed again before this part came.
  if (wall.shown !== "open") return;
  const seen = new Set();
  // Under a policy with a nonce: as trusted as the script that asks for it, and no more.
  const { nonce } = [...own("scripts")].find(({ src }) => src.startsWith(`${HOME}/widget.js`)) || {};
  for (const put of wall.querySelectorAll("script[src]")) {
    if (running.has(put)) continue;
    // Old snippets begin with `//`, and every host that is listed answers over https.
    const src = put.src?.replace(/^http:/, "https:");
    const link = shown(src, put.dataset.telegramPost);
    if (!listed(src, list || [])) {
      if (link) put.replaceWith(h("p", {}, h("a", { href: link }, link.slice(8))));
      continue;
    }
    const told = Object.fromEntries([...put.attributes].map(({ name, value }) => [name, value]).filter(([name]) => TOLD.test(name)));
    // One that is told nothing looks for all of its posts by itself.
    const again = JSON.stringify([src, told]);
    if (seen.has(again)) continue;
    seen.add(again);
    if (lookedAgain(src, wall)) continue;
    const script = h("script", told);
    if (nonce) script.nonce = nonce;
    // In the order of the text, where the text does not say otherwise.
    script.async = put.async;
    try {
      script.src = policy.createScriptURL(src);
    } catch {
      // The page's own policy lets nobody run this one.
      continue;
    }
    running.add(script);
    put.replaceWith(script);
  }
};
