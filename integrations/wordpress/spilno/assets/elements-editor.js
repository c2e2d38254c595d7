// The donate button and the link to a reader's own support, in the block editor. No build step: WordPress's own globals.
(({ blocks, blockEditor, components, element, i18n, serverSideRender }) => {
  const { createElement: h, Fragment } = element;
  const { __ } = i18n;
  const { Disabled, Notice, PanelBody, SelectControl, TextControl, ToggleControl } = components;

  // As PHP has it (Elements::DONATE): what does not fit is left out there, and is said here.
  const SLUG = /^[A-Za-z0-9._-]{1,64}$/;
  const FITS = {
    campaign: SLUG,
    tier: SLUG,
    currency: /^[a-z]{3}$/i,
    amounts: /^\d{1,8}( ?, ?\d{1,8}){0,9}$/,
    amount: /^\d{1,8}$/,
  };

  const text = (props, name, label, help) => {
    const value = props.attributes[name] || "";
    const wrong = FITS[name] && value.trim() && !FITS[name].test(value.trim());
    return h(TextControl, {
      key: name,
      label,
      value,
      help: wrong ? __("This value does not fit, so it will be left out.", "spilno") : help,
      className: wrong ? "spilno-wrong" : undefined,
      onChange: (changed) => props.setAttributes({ [name]: changed }),
    });
  };
  const toggle = (props, name, label, help) =>
    h(ToggleControl, {
      key: name,
      label,
      help,
      checked: !!props.attributes[name],
      onChange: (changed) => props.setAttributes({ [name]: changed }),
    });

  // Shown by PHP, as a page will; nothing in it can be pressed here.
  const shown = (name, props, ...controls) =>
    h(
      Fragment,
      null,
      h(blockEditor.InspectorControls, null, ...controls),
      h(
        "div",
        blockEditor.useBlockProps(),
        h(Disabled, null, h(serverSideRender, {
          block: name,
          attributes: props.attributes,
          EmptyResponsePlaceholder: () =>
            h(Notice, { status: "warning", isDismissible: false }, __("Spilno is not connected yet: Settings → Spilno.", "spilno")),
        })),
      ),
    );

  const LANGUAGES = [
    { value: "", label: __("Same as the page", "spilno") },
    { value: "uk", label: "Українська" },
    { value: "en", label: "English" },
  ];
  const language = (props) =>
    h(SelectControl, {
      key: "lang",
      label: __("Language", "spilno"),
      value: props.attributes.lang,
      options: LANGUAGES,
      onChange: (lang) => props.setAttributes({ lang }),
    });

  blocks.registerBlockType("spilno/donate", {
    apiVersion: 3,
    title: __("Spilno: donate", "spilno"),
    description: __("A button that asks readers for support.", "spilno"),
    category: "widgets",
    icon: "heart",
    keywords: [__("support", "spilno"), __("donation", "spilno")],
    edit: (props) =>
      shown(
        "spilno/donate",
        props,
        h(
          PanelBody,
          { title: __("Button", "spilno"), key: "button" },
          toggle(props, "compact", __("One button that unfolds the form", "spilno")),
          text(props, "text", __("Text of the button", "spilno")),
          text(props, "campaign", __("Campaign", "spilno"), __("Its name in the newsroom’s settings.", "spilno")),
          h(SelectControl, {
            key: "interval",
            label: __("How often, by default", "spilno"),
            value: props.attributes.interval,
            options: [
              { value: "", label: __("As set by the newsroom", "spilno") },
              { value: "once", label: __("Once", "spilno") },
              { value: "month", label: __("Every month", "spilno") },
              { value: "year", label: __("Every year", "spilno") },
            ],
            onChange: (interval) => props.setAttributes({ interval }),
          }),
        ),
        h(
          PanelBody,
          { title: __("Amounts", "spilno"), initialOpen: false, key: "amounts" },
          text(props, "currency", __("Currency", "spilno"), __("Three letters, such as eur or uah.", "spilno")),
          text(props, "amounts", __("Amounts offered", "spilno"), __("In cents or kopecks: 300, 500, 1000.", "spilno")),
          text(props, "amount", __("Amount chosen by default", "spilno"), __("In cents or kopecks: 500.", "spilno")),
          text(props, "tier", __("Level to open", "spilno"), __("The smallest amount that opens this level is offered.", "spilno")),
        ),
        h(
          PanelBody,
          { title: __("More", "spilno"), initialOpen: false, key: "more" },
          toggle(props, "always", __("Ask supporters as well", "spilno"), __("Otherwise the button is not shown below a text that their support has opened.", "spilno")),
          language(props),
        ),
      ),
    save: () => null,
  });

  blocks.registerBlockType("spilno/account", {
    apiVersion: 3,
    title: __("Spilno: my support", "spilno"),
    description: __("A link by which readers sign in and find their own support.", "spilno"),
    category: "widgets",
    icon: "admin-users",
    edit: (props) =>
      shown(
        "spilno/account",
        props,
        h(
          PanelBody,
          { title: __("Link", "spilno"), key: "link" },
          text(props, "text", __("Text of the link", "spilno"), __("Shown until the script has recognised the reader.", "spilno")),
          language(props),
        ),
      ),
    save: () => null,
  });
})(window.wp);
