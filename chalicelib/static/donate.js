// The giving pages work without this script. With it, the button and the sentence under the reader's own amount say
// at once what is chosen, rhythm, currency and language change in place, a second tap does nothing, and a payment
// under way is looked after until it is decided.
(() => {
  "use strict";

  const giving = (form) => {
    const offer = form.dataset;
    const earns = JSON.parse(offer.earns);
    const places = Number(offer.decimals);
    const own = form.querySelector("#own");
    const field = form.querySelector("#own-amount");
    const live = form.querySelector("#own-opens");
    const button = form.querySelector("#give");

    // As people type it, to minor units, by moving text, never through a fraction: "7,50 €" -> 750. Null when it is
    // not an amount. The rule is the server's, `chalicelib/kernel/typed_amount.py`: the button must not say another sum.
    const ownWords = JSON.parse(offer.words)
      .map((word) => word.replace(/[$]/g, "\\$&") + (/^\p{L}+$/u.test(word) ? "\\.?" : ""))
      .join("|");
    const around = new RegExp(`^(?:${ownWords})+|(?:${ownWords})+\\.?$`, "gu");
    const between = /[\s'’‘ʼ`´′\u0301]/gu;
    const number = (typed) =>
      typed.replace(between, "").replace(/\p{Cf}/gu, "").normalize("NFKC").replace(between, "").toLowerCase()
        .replace(around, "").replace(/[.,][-\u2010-\u2015\u2212]+$/, "");
    const split = (text) => {
      const separators = text.replace(/\d/g, "");
      if (!separators) return [text, ""];
      const last = separators[separators.length - 1];
      const at = text.lastIndexOf(last);
      let whole = text.slice(0, at);
      let fraction = text.slice(at + 1);
      if (separators.length === 1 && fraction.length === 3 && places === 3) return null;
      const oneKind = new Set(separators).size === 1;
      if (oneKind && (separators.length > 1 || fraction.length === 3)) [whole, fraction] = [text, ""];
      const groups = whole.replace(/\d/g, "");
      const grouped = /^[1-9]\d{0,2}([.,]\d{3})+$/.test(whole) && new Set(groups).size === 1;
      if (groups && (!grouped || (groups.includes(last) && !oneKind))) return null;
      return [whole.replace(/[.,]/g, ""), fraction];
    };
    const minor = (typed) => {
      const text = number(typed);
      const [whole, fraction] = (/^\d[\d.,]*$/.test(text) && split(text)) || ["", ""];
      const cents = fraction.replace(/0+$/, "");
      const fits = whole && whole.length <= 9 && cents.length <= places;
      return fits ? Number(whole + cents.padEnd(places, "0")) : null;
    };
    const words = (amount) => {
      const whole = String(amount).padStart(places + 1, "0");
      const cents = places && Number(whole.slice(-places)) ? places : 0;
      const number = new Intl.NumberFormat(document.documentElement.lang, {
        useGrouping: offer.grouping,
        minimumFractionDigits: cents,
        maximumFractionDigits: cents,
      }).format(places ? `${whole.slice(0, -places)}.${whole.slice(-places)}` : whole);
      return offer.money.replace("{amount}", number);
    };
    const opens = (amount) => {
      const reached = earns.filter(([from]) => amount >= from);
      return reached.length ? reached[reached.length - 1][1] : offer.nothing;
    };
    // What the reader's own amount says: what it opens, or why it cannot be given.
    const said = (amount) => {
      if (amount === null) return "";
      if (amount < Number(offer.minimum)) return offer.least;
      return amount > Number(offer.maximum) ? offer.most : opens(amount);
    };
    const chosenText = () => {
      if (!own.checked) return form.querySelector("input[name=amount]:checked")?.dataset.text;
      const amount = minor(field.value);
      const fits = amount !== null && amount >= Number(offer.minimum) && amount <= Number(offer.maximum);
      return fits ? words(amount) : "";
    };
    const show = () => {
      const text = chosenText();
      live.textContent = own.checked ? said(minor(field.value)) : "";
      const label = text ? offer.button.replace("{amount}", text) : offer.plain;
      // A tap on the button first ends the writing in the field, which leads here: WebKit makes no click of a tap
      // whose text was replaced on the way.
      if (button.textContent !== label) button.textContent = label;
    };

    form.addEventListener("change", (event) => {
      if (event.target === own) field.focus();
      show();
    });
    field.addEventListener("input", show);
    form.addEventListener("submit", (event) => {
      if (event.submitter?.name === "to") return changeInPlace(event, form);
      if (button.getAttribute("aria-disabled") === "true") return event.preventDefault();
      button.setAttribute("aria-disabled", "true");
      return remember(form);
    });
    show();
    return {
      rest: () => {
        button.removeAttribute("aria-disabled");
        show();
      },
      told: () => offer.chosen.replace("{amount}", chosenText() || ""),
    };
  };

  const choice = (form) => [...new FormData(form)].filter(([name, value]) => value && name !== "attempt");
  const addressOf = (form, pairs) => `${form.getAttribute("action")}?${new URLSearchParams(pairs)}`;

  // Whoever comes back from the payment page finds what they chose: the page's address says it, and the server writes
  // a form of it anew, with an attempt of its own. Browsers do not keep what was typed into such a page.
  const remember = (form) => history.replaceState(null, "", addressOf(form, choice(form)));

  // Rhythm, currency and language: the server's page with the one choice changed takes the place of this one, without
  // a reload. It is the page that the same button leads to without the script. Whatever goes wrong, go there.
  let turn = 0;
  const changeInPlace = async (event, form) => {
    event.preventDefault();
    const mine = ++turn;
    const sent = choice(form);
    const address = addressOf(form, [...sent, ["to", event.submitter.value]]);
    const main = document.querySelector("main");
    main.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine !== turn) return;
      if (!answer.ok || !page.querySelector("form[data-giving]")) throw new Error("no form");
      put(page, form, sent);
      history.replaceState(null, "", answer.url);
    } catch {
      if (mine === turn) location.assign(address);
    }
  };

  const put = (page, form, sent) => {
    const active = document.activeElement;
    const { id, selectionStart: start, selectionEnd: end } = active;
    const { scrollX, scrollY } = window;
    // Chosen or typed while the answer was on its way: that is newer than what the answer knows.
    const later = choice(form).filter(([name, value]) =>
      /amount$/.test(name) && !sent.some(([before, was]) => before === name && was === value));
    for (const picture of page.querySelectorAll("main img")) {
      // The same picture stays as it is, and does not flicker.
      const old = [...document.querySelectorAll("main img")].find((one) => one.src === picture.src);
      if (old) picture.replaceWith(old);
    }
    document.documentElement.lang = page.documentElement.lang;
    document.title = page.title;
    document.body.replaceChildren(...page.body.childNodes, status);
    const fresh = document.querySelector("form[data-giving]");
    for (const [name, value] of later) {
      if (name === "own_amount") fresh.elements.own_amount.value = value;
      else if (value === "own") fresh.elements.own.checked = true;
    }
    shown = giving(fresh);
    const again = id && document.getElementById(id);
    // The button of what is chosen now may be gone: another of its kind stands there.
    const kind = /^to-[a-z]+-/.exec(id || "");
    const focused = again || (kind && document.querySelector(`[id^="${kind[0]}"]`));
    if (focused) focused.focus({ preventScroll: true });
    if (again && again.type === "text") again.setSelectionRange(start, end);
    window.scrollTo(scrollX, scrollY);
    status.textContent = shown.told();
  };

  // Says what is chosen now to whoever cannot see it; outside of what is replaced, so that it is heard.
  const status = document.createElement("p");
  status.className = "unseen";
  status.setAttribute("role", "status");

  const waiting = (place) => {
    let pause = 3000;
    const look = async () => {
      try {
        const answer = await fetch(place.dataset.checkout, { credentials: "same-origin", cache: "no-store" });
        if (answer.ok && (await answer.json()).status !== "processing") return location.reload();
      } catch {
        // Offline for a moment: the next look may succeed, and the link on the page always works.
      }
      pause = Math.min(pause * 1.5, 60000);
      return setTimeout(look, pause);
    };
    setTimeout(look, pause);
  };

  const form = document.querySelector("form[data-giving]");
  const place = document.querySelector("[data-checkout]");
  let shown;
  if (form) {
    shown = giving(form);
    document.body.append(status);
    addEventListener("pageshow", (event) => {
      // Back from the payment page: what was sent may be paid by now, so ask for a fresh form.
      if (event.persisted) location.reload();
      shown.rest();
    });
  }
  if (place) waiting(place);
})();
