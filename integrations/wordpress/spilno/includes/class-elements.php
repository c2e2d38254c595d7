<?php

namespace Spilno;

/**
 * Both elements as blocks and as shortcodes. Their HTML is made here, when a page is shown, so that the sanitiser of
 * what authors write has nothing to take away, and a change of the API's address reaches every page.
 */
final class Elements
{
    const SLUG = '/^[A-Za-z0-9._-]{1,64}$/D';

    /** What may stand in an attribute of the donate button; anything else is left out, as the element would. */
    const DONATE = [
        'campaign' => self::SLUG,
        'currency' => '/^[a-z]{3}$/D',
        'interval' => '/^(once|month|year)$/D',
        'amounts' => '/^\d{1,8}( ?, ?\d{1,8}){0,9}$/D',
        'amount' => '/^\d{1,8}$/D',
        'tier' => self::SLUG,
        'lang' => '/^(uk|en)$/D',
    ];

    /** What the link that stands in the button's place hands on to the donation page. */
    const HANDED_ON = ['campaign', 'currency', 'interval', 'amount'];

    /** Not by mb_strtolower(): hosts may lack mbstring, and of it WordPress brings only the most needed. */
    const NO = ['', '0', 'no', 'false', 'off', 'ні', 'Ні', 'НІ'];

    public static function hooks(): void
    {
        add_action('init', [self::class, 'blocks']);
        add_action('enqueue_block_assets', [self::class, 'in_editor']);
        add_shortcode('spilno_donate', [self::class, 'donate_shortcode']);
        add_shortcode('spilno_account', [self::class, 'account_shortcode']);
    }

    public static function blocks(): void
    {
        $text = ['type' => 'string', 'default' => ''];
        $yes = ['type' => 'boolean', 'default' => true];
        $no = ['type' => 'boolean', 'default' => false];
        $common = [
            'api_version' => 3,
            'editor_script' => self::editor_script(),
            'supports' => ['html' => false],
        ];
        register_block_type('spilno/donate', $common + [
            'attributes' => array_fill_keys(array_keys(self::DONATE), $text)
                + ['text' => $text, 'compact' => $yes, 'always' => $no],
            'render_callback' => static function (array $attributes): string {
                return self::block('donate', self::donate($attributes, self::is_preview()));
            },
        ]);
        register_block_type('spilno/account', $common + [
            'attributes' => ['text' => $text, 'lang' => $text],
            'render_callback' => static function (array $attributes): string {
                return self::block('account', self::account($attributes));
            },
        ]);
    }

    /** The blocks' script for the editor, with its translations. */
    private static function editor_script(): string
    {
        $handle = 'spilno-elements-editor';
        $needs = ['wp-blocks', 'wp-block-editor', 'wp-components', 'wp-element', 'wp-i18n', 'wp-server-side-render'];
        $address = plugins_url('assets/elements-editor.js', SPILNO_FILE);
        wp_register_script($handle, $address, $needs, SPILNO_VERSION, true);
        wp_set_script_translations($handle, 'spilno', dirname(SPILNO_FILE) . '/languages');
        return $handle;
    }

    /** In the editor a block is shown as it will look, inside the frame of its content too. */
    public static function in_editor(): void
    {
        if (is_admin()) {
            Widget::enqueue();
        }
    }

    /**
     * `[spilno_donate campaign="bridge" interval="month" compact="no"]`.
     *
     * @param array|string $given what WordPress read between the brackets; a string where there is nothing
     */
    public static function donate_shortcode($given): string
    {
        $attributes = self::as_written($given);
        foreach (['compact' => true, 'always' => false] as $name => $default) {
            $attributes[$name] = isset($attributes[$name])
                ? !in_array(strtolower($attributes[$name]), self::NO, true)
                : $default;
        }
        return self::donate($attributes, false);
    }

    /**
     * `[spilno_account]`.
     *
     * @param array|string $given
     */
    public static function account_shortcode($given): string
    {
        return self::account(self::as_written($given));
    }

    /** The donate button; nothing as long as the plugin does not know the API's address. */
    public static function donate(array $attributes, bool $preview): string
    {
        $api = Options::get('api');
        if ($api === '') {
            return self::not_connected($preview);
        }
        $set = self::allowed($attributes);
        $handed = array_intersect_key($set, array_flip(self::HANDED_ON));
        $text = trim((string) ($attributes['text'] ?? ''));
        $link = self::link(
            $handed ? add_query_arg(array_map('rawurlencode', $handed), "$api/donate") : "$api/donate",
            $text !== '' ? $text : __('Support us', 'spilno')
        );
        if (is_feed()) {
            return $link;
        }
        $set = ['api' => $api] + $set;
        foreach (['compact' => true, 'always' => false] as $name => $default) {
            if ($attributes[$name] ?? $default) {
                $set[$name] = '';
            }
        }
        if ($preview) {
            $set['preview'] = '';
        } else {
            Widget::enqueue();
        }
        return self::element('spilno-donate', $set, $link);
    }

    /** The link that signs in, or leads to the reader's own support. */
    public static function account(array $attributes, string $link = ''): string
    {
        $api = Options::get('api');
        if ($api === '') {
            return self::not_connected(self::is_preview());
        }
        if ($link === '') {
            $text = trim((string) ($attributes['text'] ?? ''));
            $link = self::link("$api/account", $text !== '' ? $text : __('My support', 'spilno'));
        }
        if (is_feed() || self::is_preview()) {
            return $link;
        }
        Widget::enqueue();
        $set = ['api' => $api] + array_intersect_key(self::allowed($attributes), ['lang' => 0]);
        return self::element('spilno-account', $set, $link);
    }

    /** An element with these attributes around what stands there without the script. */
    private static function element(string $name, array $attributes, string $fallback): string
    {
        $written = '';
        foreach ($attributes as $attribute => $value) {
            $written .= $value === '' ? " $attribute" : sprintf(' %s="%s"', $attribute, esc_attr($value));
        }
        return "<$name$written>$fallback</$name>";
    }

    private static function link(string $address, string $text): string
    {
        return sprintf('<a href="%s">%s</a>', esc_url($address), esc_html($text));
    }

    private static function block(string $name, string $html): string
    {
        return $html === '' ? '' : sprintf('<div %s>%s</div>', get_block_wrapper_attributes(), $html);
    }

    /** The attributes whose values an element takes. */
    private static function allowed(array $attributes): array
    {
        $set = [];
        foreach (self::DONATE as $name => $pattern) {
            $value = is_scalar($attributes[$name] ?? null) ? trim((string) $attributes[$name]) : '';
            $value = $name === 'currency' ? strtolower($value) : $value;
            if (preg_match($pattern, $value)) {
                $set[$name] = $value;
            }
        }
        return $set;
    }

    /**
     * A shortcode's attributes as people write them: with typographic quotes from a word processor, in capitals, and
     * flags without a value.
     *
     * @param array|string $given
     */
    private static function as_written($given): array
    {
        $read = [];
        foreach ((array) $given as $name => $value) {
            $value = html_entity_decode((string) $value, ENT_QUOTES | ENT_HTML5, 'UTF-8');
            $value = (string) preg_replace('/^[\s\x{00A0}"\'“”„‟«»‘’]+|[\s\x{00A0}"\'“”„‟«»‘’]+$/u', '', $value);
            if (is_int($name)) {
                $read[strtolower($value)] = 'yes';
            } else {
                $read[strtolower($name)] = $value;
            }
        }
        return $read;
    }

    /** Whether this is the editor, which asks for what a block will look like. */
    private static function is_preview(): bool
    {
        $route = (string) ($GLOBALS['wp']->query_vars['rest_route'] ?? '');
        return strpos($route, '/wp/v2/block-renderer/spilno/') === 0;
    }

    private static function not_connected(bool $preview): string
    {
        return $preview
            ? '<p>' . esc_html__('Spilno is not connected yet: Settings → Spilno.', 'spilno') . '</p>'
            : '';
    }
}
