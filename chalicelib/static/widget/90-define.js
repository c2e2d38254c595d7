// Where the browser lacks what the elements stand on, what stands inside them simply stays.
if ("adoptedStyleSheets" in document && CSS.supports("selector(:has(a))") && !customElements.get("spilno-donate")) {
  customElements.define("spilno-donate", Donate);
  customElements.define("spilno-wall", Wall);
}
