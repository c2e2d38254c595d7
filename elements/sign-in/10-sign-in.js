// Signing in without leaving the page: an address, then the code from the mail. `owner` is the wall; it gives
// api, language and texts, and `owner.entered()` runs once the API has signed this browser in.
const made = (owner, heading) => {
  const t = TEXTS[owner.language];
  dress(owner);
  const box = h("section", { part: "sign-in", "aria-label": heading });
  let email = "";

  // One form: a labelled field, a place for the refusal, a button. `send` is awaited once at a time.
  const form = (label, field, empty, action, send, ...more) => {
    const error = h("p", { part: "error", role: "alert", id: `${field.name}-error`, hidden: true });
    const button = h("button", { class: "main", part: "button", type: "submit" }, action);
    let busy = false;
    const guarded = async (work) => {
      if (busy) return;
      busy = true;
      button.setAttribute("aria-disabled", "true");
      error.hidden = true;
      field.setAttribute("aria-invalid", "false");
      try {
        await work();
      } catch (problem) {
        error.textContent = sentence({ t }, problem);
        error.hidden = false;
        field.setAttribute("aria-invalid", "true");
        field.focus();
        // This browser did not ask for the code, or keeps no cookies: here it never will, there it may.
        if (problem.code === "other_browser") error.append(" ", owner.readLink("quiet"));
        if (problem.code) said(owner, { ...problem, message: sentence({ t }, problem) });
      }
      busy = false;
      button.setAttribute("aria-disabled", "false");
    };
    field.id = field.name;
    field.setAttribute("aria-describedby", error.id);
    const node = h("form", {
      part: "form", novalidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        guarded(() => {
          if (!field.value.trim()) throw new Error(empty);
          return send(field.value.trim());
        });
      },
    }, h("p", {}, h("label", { class: "label", for: field.id }, label), field), error, ...more, button);
    return { node, guarded };
  };

  const request = () => owner.preview != null ? {} :
    call(owner, "/v1/sign-in", "POST", { email, return_to: here(location.hash), locale: owner.language });

  const askAddress = (focus) => {
    const field = h("input", { part: "field", name: "email", type: "email", autocomplete: "email", value: email });
    const { node } = form(t.email, field, t.noEmail, t.enter, async (typed) => {
      email = typed;
      await request();
      askCode();
    });
    box.replaceChildren(h("h2", { part: "title" }, heading), node);
    if (focus) field.focus();
  };

  const askCode = () => {
    const field = h("input", {
      part: "field", name: "code", type: "text", autocomplete: "one-time-code", autocapitalize: "characters",
      spellcheck: "false",
    });
    const remember = h("input", { type: "checkbox", checked: true });
    const { node, guarded } = form(t.code, field, t.noCode, t.confirm, async (typed) => {
      const code = typed.slice(0, 200); // the API reads whatever people paste
      if (owner.preview != null) throw new Error(t.preview);
      await call(owner, "/v1/sign-in/confirm", "POST", { code, remember: remember.checked });
      await owner.entered();
    }, h("p", {}, h("label", { class: "tick" }, remember, h("span", {}, t.remember))));
    const told = h("p", { part: "text", role: "status" }, t.sent(email));
    const again = () => guarded(async () => { await request(); told.textContent = `${t.resent} ${t.sent(email)}`; });
    box.replaceChildren(h("h2", { part: "title" }, heading), told, node, h("p", { class: "more", part: "note" },
      h("button", { class: "quiet", type: "button", onclick: again }, t.resend),
      h("button", { class: "quiet", type: "button", onclick: () => askAddress(true) }, t.other)));
    owner.waiting = true;
    field.focus();
  };

  askAddress();
  return box;
};
