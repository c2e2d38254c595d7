<?php

namespace Spilno;

/**
 * Makes an opened text look like any other: themes style what stands directly in the text's box, so the wall is such a
 * box itself, with the theme's own classes, and as wide as what it stands in.
 */
final class Look
{
    /** Classic themes whose text is laid out by its box's children: looked at. In all others the wall is one of them. */
    const KNOWN = ['twentytwentyone' => 'entry-content alignfull'];

    /** Spilno's own words stand as wide as a paragraph, and what is full width in the text reaches the window's edges. */
    const STYLE = <<<'CSS'
.spilno-wall.alignfull::part(appeal), .spilno-wall.alignfull::part(line), .spilno-wall.alignfull::part(banner) {
  max-width: var(--spilno-text-width, var(--wp--style--global--content-size, var(--responsive--aligndefault-width)));
  margin-inline: auto;
}
.spilno-wall.alignfull.has-global-padding {
  padding-inline: var(--wp--style--root--padding-left) var(--wp--style--root--padding-right);
}
.spilno-wall.has-global-padding > .alignfull {
  margin-left: calc(var(--wp--style--root--padding-left) * -1);
  margin-right: calc(var(--wp--style--root--padding-right) * -1);
}
CSS;

    public static function hooks(): void
    {
        add_filter('render_block_core/post-content', [self::class, 'as_around']);
        add_action('after_switch_theme', [self::class, 'other_theme']);
    }

    /** The wall's classes beside its own; a block theme's are found when its page is made. */
    public static function classes(): string
    {
        $set = (string) Options::get('wall_classes');
        if ($set !== '' || wp_is_block_theme()) {
            return $set;
        }
        return self::KNOWN[get_template()] ?? 'entry-content';
    }

    /**
     * A text with the rules of its own classes. They stand behind its first element: themes give the first one and the
     * last no margin, and a style sheet must be neither.
     */
    public static function with_rules(string $html, string $css): string
    {
        $style = '<style>' . trim($css) . '</style>';
        $void = '/^(area|br|col|embed|hr|img|input|source|track|wbr)$/';
        preg_match_all('#<!--.*?-->|<(/?)([a-z][a-z0-9-]*)\b(?:"[^"]*"|\'[^\']*\'|[^>"\'])*>#is', $html, $tags, PREG_SET_ORDER | PREG_OFFSET_CAPTURE);
        $open = 0;
        foreach ($tags as $tag) {
            $name = strtolower($tag[2][0] ?? '');
            if ($name === '') {
                continue;
            }
            if ($tag[1][0] === '/') {
                $open--;
            } elseif (!preg_match($void, $name) && substr($tag[0][0], -2) !== '/>') {
                $open++;
            }
            if ($open <= 0) {
                $end = $tag[0][1] + strlen($tag[0][0]);
                return substr($html, 0, $end) . $style . substr($html, $end);
            }
        }
        return $style . $html;
    }

    /** @param string $html */
    public static function as_around($html): string
    {
        $html = (string) $html;
        $around = '/^\s*<[a-z]+\b[^>]*?\sclass="([^"]*)"/';
        if (Options::get('wall_classes') !== '' || !preg_match($around, $html, $found)) {
            return $html;
        }
        $classes = $found[1] . (strpos($found[1], 'is-layout-constrained') === false ? '' : ' alignfull');
        return Text::replaced('/<spilno-wall class="spilno-wall/', '$0 ' . addcslashes($classes, '\\$'), $html, 1);
    }

    /** What Spilno has was made with the theme of before: each text is made and sent anew, by and by. */
    public static function other_theme(): void
    {
        if (Options::connected()) {
            wp_schedule_single_event(time() + MINUTE_IN_SECONDS, Reconcile::DAILY);
        }
    }
}
