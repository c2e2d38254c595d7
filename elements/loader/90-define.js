class Donate extends Base {
  static observedAttributes = [
    "api", "campaign", "amounts", "amount", "currency", "interval", "tier", "lang", "compact", "preview", "always",
  ];
}
class Account extends Base {
  static observedAttributes = ["api", "lang"];
  facts() {}
}

// Where the browser lacks what the elements stand on, what stands inside them simply stays.
if (CSS.supports("selector(:has(a))") && !customElements.get("spilno-donate")) {
  customElements.define("spilno-donate", Donate);
  customElements.define("spilno-wall", Wall);
  customElements.define("spilno-account", Account);
}
