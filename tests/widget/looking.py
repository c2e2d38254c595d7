"""Searches a tab for gated text: in the page, in all its storage, in what scripts keep in memory."""

import time

from playwright.sync_api import CDPSession, Page

# Until the browser itself has let go of a node that left the page. What a script keeps is there all that time.
_LETS_GO = 5.0  # seconds
_TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

IN_PAGE = """(canary) => {
  const found = [];
  const walk = (root, html, where) => {
    if (html.includes(canary)) found.push(where);
    for (const { shadowRoot: shadow, localName } of root.querySelectorAll("*"))
      if (shadow) walk(shadow, shadow.innerHTML, `shadow of ${localName}`);
  };
  walk(document, document.documentElement.outerHTML, "page");
  return found;
}"""

IN_STORAGE = """async (canary) => {
  const found = [];
  const seen = (where, thing) => {
    if ((typeof thing === "string" ? thing : JSON.stringify(thing) || "").includes(canary)) found.push(where);
  };
  for (const [name, storage] of Object.entries({ localStorage, sessionStorage }))
    for (const key of Object.keys(storage)) seen(`${name} ${key}`, key + storage.getItem(key));
  seen("history.state", history.state);
  seen("window.name", window.name);
  seen("cookies", document.cookie);
  for (const { name } of await indexedDB.databases()) {
    const done = (request) => new Promise((onsuccess, onerror) => Object.assign(request, { onsuccess, onerror }))
      .then(() => request.result);
    const base = await done(indexedDB.open(name));
    for (const store of base.objectStoreNames)
      seen(`IndexedDB ${name}`, await done(base.transaction(store).objectStore(store).getAll()));
  }
  for (const key of await caches.keys()) {
    const cache = await caches.open(key);
    for (const request of await cache.keys()) seen(`cache ${key}`, await (await cache.match(request)).text());
  }
  return found;
}"""


def in_page(page: Page, canary: str) -> list[str]:
    """Where it stands in the page: text, attributes, comments, templates, shadow roots."""
    found: list[str] = page.evaluate(IN_PAGE, canary)
    return found


def in_storage(page: Page, canary: str) -> list[str]:
    """Where it stands in localStorage, sessionStorage, IndexedDB, caches, history.state, window.name or cookies."""
    found: list[str] = page.evaluate(IN_STORAGE, canary)
    return found


def in_memory(page: Page, canary: str) -> list[str]:
    """Every node that a script still holds, in a page or in none, and that has it inside.

    A browser that is busy holds a removed node itself until it has drawn the page without it: what is found is looked
    for again, garbage collected anew each time, until nothing is left or `_LETS_GO` is over.
    """
    tools = page.context.new_cdp_session(page)
    try:
        until = time.monotonic() + _LETS_GO
        while (found := _nodes(tools, canary)) and time.monotonic() < until:
            page.evaluate(_TWO_FRAMES)
        return found
    finally:
        tools.detach()


def _nodes(tools: CDPSession, canary: str) -> list[str]:
    """What is there after one collection. What the tools themselves hold for it is given back."""
    held = {"objectGroup": "look"}
    of = tools.send("Runtime.evaluate", {"expression": "Node.prototype", **held})["result"]["objectId"]
    nodes = tools.send("Runtime.queryObjects", {"prototypeObjectId": of, **held})["objects"]["objectId"]
    answer = tools.send(
        "Runtime.callFunctionOn",
        {
            "objectId": nodes,
            "functionDeclaration": """function (canary) {
              const text = (node) => node.textContent + (node.content?.textContent ?? "");
              const has = (node) => { try { return text(node).includes(canary); } catch { return false; } };
              return this.filter(has)
                .map((node) => `${node.isConnected ? "connected" : "detached"} ${node.nodeName}`);
            }""",
            "arguments": [{"value": canary}],
            "returnByValue": True,
        },
    )
    tools.send("Runtime.releaseObjectGroup", held)
    found: list[str] = answer["result"]["value"]
    return found
