<?php

namespace Spilno;

/** The plugin's settings, in one option. */
final class Options
{
    const NAME = 'spilno_options';

    /** The CMS key has an option of its own, which is not loaded with every page. An array: options.php shows none. */
    const KEY = 'spilno_key';

    /** Every setting and what it is at first. Nothing else is stored. */
    const DEFAULTS = [
        'api' => '',            // Spilno's public address, without a slash at the end
        'prefix' => 'wp',       // of the articles' ids: wp-12; of its own where two sites share one Spilno
        'origin' => '',         // who puts articles, as Spilno knows this site; drawn once
        'home' => '',           // the site's address when it was connected
        'access' => 'members',  // what a new line asks for
        'wall_classes' => '',   // around the text; empty: the theme's own are found
        'category_rules' => [], // term id => ['access' => 'members', 'paragraphs' => 2, 'at_more' => false]
        'comments' => 'public', // of posts with a line; `hidden`: nobody but editors sees any
    ];

    /** @return mixed */
    public static function get(string $name)
    {
        if ($name === 'key') {
            return self::key();
        }
        $stored = get_option(self::NAME, []);
        $value = is_array($stored) && array_key_exists($name, $stored) ? $stored[$name] : self::DEFAULTS[$name];
        return $name === 'api' ? untrailingslashit((string) $value) : $value;
    }

    /** SPILNO_CMS_KEY in wp-config.php goes before what is stored. */
    private static function key(): string
    {
        $stored = defined('SPILNO_CMS_KEY') ? ['key' => constant('SPILNO_CMS_KEY')] : get_option(self::KEY, []);
        return is_array($stored) ? (string) ($stored['key'] ?? '') : '';
    }

    /** @param array<string, mixed> $values whatever of the settings changes */
    public static function set(array $values): void
    {
        if (isset($values['key'])) {
            update_option(self::KEY, $values['key'] === '' ? [] : ['key' => (string) $values['key']], false);
        }
        $stored = get_option(self::NAME, []);
        $known = array_intersect_key($values, self::DEFAULTS);
        if (isset($known['api']) || isset($values['key'])) {
            $known['home'] = self::home();
        }
        update_option(self::NAME, array_merge(is_array($stored) ? $stored : [], $known));
    }

    /** Whether articles can be sent at all. */
    public static function connected(): bool
    {
        return self::get('api') !== '' && self::get('key') !== '' && !self::is_a_copy();
    }

    /** Whether this is a copy of the site elsewhere, made for trying: it must not write into the newsroom's Spilno. */
    public static function is_a_copy(): bool
    {
        return self::get('home') !== '' && self::get('home') !== self::home();
    }

    /** This site's address, as far as it tells one site from another; as stored, since home_url() has another for each language. */
    public static function home(): string
    {
        return (string) preg_replace('/^https?:\/\/(www\.)?/', '', untrailingslashit((string) get_option('home')));
    }

    /** Spilno's name for this site. Another site with the same prefix has another, so neither overwrites the other. */
    public static function origin(): string
    {
        if (self::get('origin') === '') {
            self::set(['origin' => 'wordpress-' . bin2hex(random_bytes(4))]);
        }
        return (string) self::get('origin');
    }

    /** Spilno's id for a post of this site; in a network each site but the first has its number in it. */
    public static function article_id(int $post_id): string
    {
        return self::id_prefix() . $post_id;
    }

    public static function id_prefix(): string
    {
        $site = get_current_blog_id();
        return self::get('prefix') . (is_multisite() && $site > 1 ? $site : '') . '-';
    }
}
