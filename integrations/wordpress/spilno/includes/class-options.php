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
        'wall_classes' => '',   // around the text; empty: the theme's own are found
        'category_rules' => [], // term id => ['access' => 'members', 'paragraphs' => 2, 'at_more' => false]
        'comments' => 'public', // of posts with a line; `hidden`: nobody but editors sees any
    ];

    /** @var array<string, array<string, mixed>> an option's name => what this plugin itself is about to store in it */
    private static array $own = [];

    /** @return mixed */
    public static function get(string $name)
    {
        if ($name === 'key') {
            return Api_Key::get();
        }
        $stored = get_option(self::NAME, []);
        $value = is_array($stored) && array_key_exists($name, $stored) ? $stored[$name] : self::DEFAULTS[$name];
        return $name === 'api' ? untrailingslashit((string) $value) : $value;
    }

    /** @param array<string, mixed> $values whatever of the settings changes */
    public static function set(array $values): void
    {
        if (isset($values['key'])) {
            $key = $values['key'] === '' ? [] : ['key' => (string) $values['key']];
            update_option(self::KEY, self::own(self::KEY, $key), false);
        }
        $stored = get_option(self::NAME, []);
        $known = array_intersect_key($values, self::DEFAULTS);
        if (isset($known['api']) || isset($values['key'])) {
            $known['home'] = self::home();
        }
        update_option(self::NAME, self::own(self::NAME, array_merge(is_array($stored) ? $stored : [], $known)));
    }

    /**
     * The same values, known from now on as this plugin's own. Whatever else is to be stored, by whomever, is taken
     * for a form that somebody filled in.
     *
     * @param array<string, mixed> $values
     * @return array<string, mixed>
     */
    public static function own(string $option, array $values): array
    {
        self::$own[$option] = $values;
        return $values;
    }

    /** @param mixed $values */
    public static function is_own(string $option, $values): bool
    {
        return isset(self::$own[$option]) && self::$own[$option] === $values;
    }

    /** Whether articles can be sent at all. */
    public static function connected(): bool
    {
        return self::trouble() === '';
    }

    /** What is missing before anything can be sent: a code that Connection has words for; empty where nothing is. */
    public static function trouble(): string
    {
        $api = (string) self::get('api');
        if ($api === '') {
            return 'no_api';
        }
        if (!Api_Key::may_go_to($api)) {
            return 'api_http';
        }
        if (self::get('key') === '') {
            return defined(Api_Key::CONSTANT) && !Api_Key::is_from_config() ? 'key_of_the_network' : 'no_key';
        }
        return self::is_a_copy() ? 'copy' : '';
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

    /**
     * Spilno's name for this site; empty as long as none is drawn. Another site with the same prefix has another, so
     * neither overwrites the other.
     */
    public static function origin(): string
    {
        return (string) self::get('origin');
    }

    /** Once for each site: when the plugin is activated, or else before anything is sent. Never for a reader's page. */
    public static function draw_origin(): void
    {
        if (self::origin() === '') {
            self::set(['origin' => self::new_origin()]);
        }
    }

    public static function new_origin(): string
    {
        return 'wordpress-' . bin2hex(random_bytes(4));
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
