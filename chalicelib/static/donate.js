// The giving pages work without this script. With it, the button and the sentence under the reader's own amount say
// at once what is chosen, a second tap does nothing, and a payment under way is looked after until it is decided.
(() => {
  "use strict";

  const giving = (form) => {
    const offer = form.dataset;
    const earns = JSON.parse(offer.earns);
    const places = Number(offer.decimals);
    const own = form.querySelector("#own");
    const field = form.querySelector("#own-amount");
    const live = form.querySelector("#own-opens");
    const button = form.querySelector("button");

    // Digits to minor units by moving text, never through a fraction: 7,50 -> 750. Null when it is not an amount.
    const minor = (typed) => {
      const match = /^(\d{1,9})(?:[.,](\d*))?$/.exec(typed.replace(/\s/g, ""));
      const cents = match && (match[2] || "").replace(/0+$/, "");
      return match && cents.length <= places ? Number(match[1] + cents.padEnd(places, "0")) : null;
    };
    const words = (amount) => {
      const whole = String(amount).padStart(places + 1, "0");
      const cents = places && Number(whole.slice(-places)) ? places : 0;
      const number = new Intl.NumberFormat(document.documentElement.lang, {
        minimumFractionDigits: cents,
        maximumFractionDigits: cents,
      }).format(places ? `${whole.slice(0, -places)}.${whole.slice(-places)}` : whole);
      return offer.money.replace("{amount}", number);
    };
    const opens = (amount) => {
      const reached = earns.filter(([from]) => amount >= from);
      return reached.length ? reached[reached.length - 1][1] : offer.nothing;
    };
    const show = () => {
      const chosen = form.querySelector("input[name=amount]:checked");
      let text = chosen && chosen.dataset.text;
      if (own.checked) {
        const amount = minor(field.value);
        const fits = amount !== null && amount >= Number(offer.minimum) && amount <= Number(offer.maximum);
        live.textContent = fits ? opens(amount) : "";
        text = fits ? words(amount) : "";
      }
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
    // Whoever comes back from the payment page finds what they chose: the page's address says it, and the server
    // writes a form of it anew, with an attempt of its own. Browsers do not keep what was typed into such a page.
    const remember = () => {
      const chosen = [...new FormData(form)].filter(([name, value]) => value && name !== "attempt");
      history.replaceState(null, "", `${form.getAttribute("action")}?${new URLSearchParams(chosen)}`);
    };
    form.addEventListener("submit", (event) => {
      if (button.getAttribute("aria-disabled") === "true") return event.preventDefault();
      button.setAttribute("aria-disabled", "true");
      return remember();
    });
    addEventListener("pageshow", (event) => {
      // Back from the payment page: what was sent may be paid by now, so ask for a fresh form.
      if (event.persisted) location.reload();
      button.removeAttribute("aria-disabled");
      show();
    });
    show();
  };

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
  if (form) giving(form);
  if (place) waiting(place);
})();
