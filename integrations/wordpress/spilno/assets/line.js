// The line in the block editor: a block that stores who reads what is below it, and a panel beside the post.
(function (wp, told) {
  var el = wp.element.createElement;
  var words = told.words;
  var NAME = "spilno/access";
  var select = wp.data.select, dispatch = wp.data.dispatch;

  function chooser(access, change) {
    var known = told.choices.some(function (choice) { return choice.value === access; });
    var options = known ? told.choices : told.choices.concat([{ value: access, label: access }]);
    return el(wp.components.SelectControl, {
      className: "spilno-who", label: words.who, value: access, options: options, onChange: change,
    });
  }
  function label(access) {
    var found = told.choices.filter(function (choice) { return choice.value === access; })[0];
    return found ? found.label : access;
  }

  wp.blocks.registerBlockType(NAME, {
    apiVersion: 2,
    title: words.title,
    description: words.about,
    icon: "lock",
    category: "design",
    // Only in a post's own text: not in a reusable block, whose rest would be shown to nobody.
    parent: ["core/post-content"],
    supports: { customClassName: false, className: false, html: false, multiple: false, reusable: false },
    attributes: {
      access: { type: "string", default: told.access },
      kept: { type: "number" },
      of: { type: "string" },
      by: { type: "string" },
    },
    edit: function (props) {
      var access = props.attributes.access;
      var change = function (value) { props.setAttributes({ access: value }); };
      return el("div", wp.blockEditor.useBlockProps({ className: "spilno-line" }),
        el(wp.blockEditor.InspectorControls, null,
          el(wp.components.PanelBody, null, chooser(access, change))),
        el("span", null, words.line + " · " + label(access)),
        props.attributes.kept === undefined ? null : el("p", null, words.lost));
    },
    save: function () { return null; },
  });

  // Blocks of the post's own level only, as the server cuts at the outermost.
  function lines(blocks) {
    return blocks.reduce(function (found, block) {
      return found.concat(block.name === NAME ? [block] : [], lines(block.innerBlocks));
    }, []);
  }

  // The empty paragraph behind the last one is where the cursor waits.
  function filled(block) { return !wp.blocks.isUnmodifiedDefaultBlock(block); }
  // Below the second part of the text, or higher up, so that something is left to close.
  function place(blocks) {
    var ends = blocks.map(function (block, at) { return filled(block) ? at + 1 : 0; }).filter(Boolean);
    return ends.length < 2 ? blocks.length : ends[Math.min(2, ends.length - 1) - 1];
  }

  function Panel() {
    var now = wp.data.useSelect(function (select) {
      var editor = select("core/editor");
      return {
        blocks: select("core/block-editor").getBlocks(),
        stored: editor.getCurrentPostAttribute("spilno") || null,
        type: editor.getCurrentPostType(),
      };
    }, []);
    if (!now.stored) return null;
    var line = lines(now.blocks)[0];
    var trouble = now.stored.trouble;
    var at = now.blocks.indexOf(line);
    var last = at >= 0 && !now.blocks.slice(at + 1).some(filled);
    return el(wp.editPost.PluginDocumentSettingPanel, { name: "spilno", title: words.title },
      line
        ? chooser(line.attributes.access, function (value) {
            dispatch("core/block-editor").updateBlockAttributes(line.clientId, { access: value });
          })
        : el(wp.element.Fragment, null,
            el("p", null, now.stored.rule ? words.rule : words.none),
            el(wp.components.Button, {
              className: "spilno-close",
              variant: "secondary",
              onClick: function () {
                dispatch("core/block-editor").insertBlock(wp.blocks.createBlock(NAME, {}), place(now.blocks));
              },
            }, words.add)),
      last ? el("p", null, words.nothing) : null,
      trouble ? el(wp.components.Notice, { status: "warning", isDismissible: false }, trouble)
        : now.stored.sent ? el("p", null, words.sent) : null);
  }
  if (wp.editPost) wp.plugins.registerPlugin("spilno-line", { render: Panel, icon: "lock" });

  // What is wrong after a save is said where everybody looks.
  var said = null;
  wp.data.subscribe(function () {
    var editor = select("core/editor");
    if (!editor || !editor.getCurrentPostAttribute || editor.isSavingPost()) return;
    var stored = editor.getCurrentPostAttribute("spilno");
    var trouble = (stored && stored.trouble) || "";
    if (trouble === said) return;
    said = trouble;
    if (trouble) dispatch("core/notices").createWarningNotice(trouble, { id: "spilno" });
    else dispatch("core/notices").removeNotice("spilno");
  });
})(window.wp, window.spilnoLine);
