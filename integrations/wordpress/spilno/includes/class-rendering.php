<?php

namespace Spilno;

use WP_Block_Type_Registry;
use WP_Post;
use WP_Query;
use WP_Style_Engine_CSS_Rules_Store;
use WP_User;

/**
 * The HTML of a text, by WordPress's own steps. Not the filter `the_content`: whatever plugins add to a page, sharing
 * buttons, adverts, counters, stands on the page around the wall and does not belong into the text.
 */
final class Rendering
{
    public static function of(WP_Post $post, string $text): string
    {
        $before = [$GLOBALS['post'] ?? null, $GLOBALS['current_user'] ?? null];
        $GLOBALS['post'] = $post;
        // Lists of posts in it have what everybody may see, not what whoever saves it may. Without the action
        // `set_current_user`, which would put back filters that an import has taken off.
        $GLOBALS['current_user'] = new WP_User(0);
        add_action('pre_get_posts', [self::class, 'as_on_a_page'], PHP_INT_MIN);
        try {
            return self::html($text, $post);
        } finally {
            remove_action('pre_get_posts', [self::class, 'as_on_a_page'], PHP_INT_MIN);
            [$GLOBALS['post'], $GLOBALS['current_user']] = $before;
        }
    }

    /** In wp-admin lists have drafts as well, whoever asks. */
    public static function as_on_a_page(WP_Query $query): void
    {
        $query->is_admin = false;
    }

    private static function html(string $text, WP_Post $post): string
    {
        $text = Text::replaced('/<!--more.*?-->|<!--noteaser-->/s', '', Split::without_marks($text, true));
        $store = class_exists('WP_Style_Engine_CSS_Rules_Store');
        if ($store) {
            WP_Style_Engine_CSS_Rules_Store::remove_all_stores();
        }
        $embed = $GLOBALS['wp_embed'];
        $embed->post_ID = $post->ID;
        $html = $embed->autoembed($embed->run_shortcode($text));
        // A block's text is in paragraphs already.
        $html = has_blocks($html) ? do_blocks($html) : wpautop(wptexturize($html));
        $html = has_blocks($text) ? wptexturize($html) : $html;
        $html = do_shortcode(shortcode_unautop($html));
        $html = convert_smilies(wp_filter_content_tags($html));
        $css = $store ? wp_style_engine_get_stylesheet_from_context('block-supports') : '';
        return trim(self::own_classes($html, $css, $post->ID));
    }

    /**
     * WordPress numbers the classes of columns and groups anew on each page and prints their rules beside: here they
     * get names of this post's own, and the rules come with the text.
     */
    private static function own_classes(string $html, string $css, int $post_id): string
    {
        $names = [];
        $rename = static function (array $found) use (&$names, $post_id): string {
            $names[$found[0]] = $names[$found[0]] ?? 'spilno-' . $post_id . '-' . (count($names) + 1);
            return $names[$found[0]];
        };
        $classes = '/\bwp-(?:container|elements)-[a-z0-9-]*[0-9a-f]+\b/';
        $html = Text::replaced($classes, $rename, $html);
        $css = Text::replaced($classes, $rename, $css);
        return trim($css) === '' ? $html : Look::with_rules($html, $css);
    }

    /**
     * The styles that the blocks in a text ask for.
     *
     * @return list<string>
     */
    public static function styles(string $text): array
    {
        preg_match_all(Split::TOKEN, $text, $tokens);
        $handles = [];
        foreach (array_unique($tokens['name']) as $name) {
            $type = WP_Block_Type_Registry::get_instance()->get_registered(
                strpos($name, '/') === false ? 'core/' . $name : $name
            );
            if ($type !== null) {
                $handles = array_merge($handles, (array) ($type->style_handles ?? $type->style ?? []));
            }
        }
        return array_values(array_unique(array_filter($handles, 'is_string')));
    }
}
