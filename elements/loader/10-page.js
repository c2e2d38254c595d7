// What the page is, and building DOM without innerHTML. The files of `loader/` become `widget.js`: one classic script
// inside one function, so that nothing here becomes a global.

// HTML of a page can name an element so that it stands before what a document knows of itself
// (`<img name=currentScript>`): the document's own properties are asked for past it.
const own = (name) => Reflect.get(Document.prototype, name, document);
const HOME = /^(.*?)\/widget\.js/.exec(own("currentScript")?.src)?.[1] || "";

// h("p", {part: "note", onclick: …}, "text", child): attributes that are null or false are left out, and so are children.
const h = (tag, attributes, ...children) => {
  const node = own("createElement").call(document, tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value?.call) node.addEventListener(name.slice(2), value);
    else if (value != null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter(Boolean));
  return node;
};

// Caught at the window: a page can name an element `addEventListener` and stand before its document's.
const once = (name) => new Promise((resolve) => addEventListener(name, resolve, true));
const parsed = own("readyState") === "loading" ? once("DOMContentLoaded") : undefined;

// A cookie that the API left for scripts (docs/http.md, "The hint"), on the local stack with the API's port behind its
// name. It is 1, or begins so, where an article was given and nothing more is held; `end` asks for the one alone.
// Undefined where the browser lets nobody look.
const hint = (name, api, end = "") => {
  try {
    return RegExp(`(^|; )spilno-${name}(-${new URL(api).port})?=1${end}`).test(own("cookie"));
  } catch {}
};
// The code of a language as people write it: "uk", "uk-UA", "uk_UA", "ukr", "ua", " UK "; undefined for all that
// the elements do not speak.
const understood = (lang) =>
  /^\s*(ukr?|ua|укр)(?![a-z])/i.test(lang) ? "uk" : /^\s*en/i.test(lang) ? "en" : undefined;
