<?php

namespace Spilno;

/** Settings → Spilno as it looks. Works without JavaScript; nothing that is stored of the key is ever in it. */
final class Settings_Page
{
    const TESTED = 'spilno_tested';

    public static function show(): void
    {
        if (!current_user_can(Settings::capability())) {
            return;
        }
        echo '<div class="wrap"><h1>' . esc_html__('Spilno', 'spilno') . '</h1>';
        self::connection();
        Left_Over::show();
        Category_Apply::show();
        echo '<form action="options.php" method="post" id="spilno-settings" autocomplete="off">';
        settings_fields(Settings::GROUP);
        printf('<input type="hidden" name="%s[form]" value="1">', esc_attr(Options::NAME));
        self::section(__('Connection', 'spilno'), [
            'api' => [__('Address of your Spilno', 'spilno'), [self::class, 'api']],
            'key' => [__('Key for the CMS', 'spilno'), [self::class, 'key']],
        ]);
        self::section(__('Posts', 'spilno'), [
            'comments' => [__('Comments below posts for supporters', 'spilno'), [self::class, 'comments']],
        ]);
        Category_Table::show();
        self::section(__('For developers', 'spilno'), [
            'prefix' => [__('Prefix of articles', 'spilno'), [self::class, 'prefix']],
            'classes' => [__('Classes around the text', 'spilno'), [self::class, 'classes']],
        ]);
        submit_button();
        echo '</form>';
        self::elements();
        echo '</div>';
    }

    /** What the test found, after it was asked for and after settings were saved. */
    private static function connection(): void
    {
        $asked = isset($_GET['_wpnonce']) && wp_verify_nonce(sanitize_key($_GET['_wpnonce']), self::TESTED);
        if (isset($_GET['settings-updated']) || $asked) {
            Machines::ask();
            echo '<div id="spilno-found" role="status">';
            foreach (Connection::check() as [$grave, $code, $sentence]) {
                $kind = [Connection::GOOD => 'success', Connection::NOTE => 'warning', Connection::BAD => 'error'][$grave];
                printf(
                    '<div class="notice notice-%s inline" data-code="%s"><p>%s</p></div>',
                    esc_attr($kind),
                    esc_attr($code),
                    esc_html($sentence)
                );
            }
            echo '</div>';
        }
        printf('<form class="spilno-test" action="%s" method="get">', esc_url(admin_url('options-general.php')));
        printf('<input type="hidden" name="page" value="%s">', esc_attr(Settings::PAGE));
        wp_nonce_field(self::TESTED, '_wpnonce', false);
        $ready = Options::get('api') !== '';
        submit_button(__('Test the connection', 'spilno'), 'secondary', '', false, $ready ? [] : ['disabled' => 'disabled']);
        echo ' <span class="description">' . ($ready
            ? esc_html__('Tests what is saved; changes nothing.', 'spilno')
            : esc_html__('First save the address and the key.', 'spilno')) . '</span></form>';
    }

    /** @param array<string, array{0: string, 1: callable}> $rows */
    private static function section(string $title, array $rows): void
    {
        printf('<h2>%s</h2><table class="form-table" role="presentation">', esc_html($title));
        foreach ($rows as $name => [$label, $field]) {
            $for = $name === 'comments' || ($name === 'key' && Api_Key::is_from_config()) ? '' : " for=\"spilno-$name\"";
            printf('<tr><th scope="row"><label%s>%s</label></th><td>', $for, esc_html($label));
            $field($label);
            echo '</td></tr>';
        }
        echo '</table>';
    }

    public static function api(): void
    {
        self::field('api', (string) Options::get('api'), ['inputmode' => 'url', 'placeholder' => 'https://support.news.example'],
            __('Where readers give and sign in: SPILNO_PUBLIC_URL of your Spilno.', 'spilno'));
    }

    public static function key(): void
    {
        if (Api_Key::is_from_config()) {
            echo '<p>' . esc_html__('It comes from SPILNO_CMS_KEY in wp-config.php.', 'spilno') . '</p>';
            return;
        }
        $there = Options::get('key') !== '';
        $name = esc_attr(Options::KEY);
        // new-password: no browser fills in its user's own.
        printf(
            '<input type="password" id="spilno-key" name="%s[new]" value="" class="regular-text code"'
            . ' autocomplete="new-password" spellcheck="false" aria-describedby="spilno-key-help">',
            $name
        );
        if ($there) {
            printf(
                '<p><label><input type="checkbox" name="%s[forget]" value="1"> %s</label></p>',
                $name,
                esc_html__('Forget the stored key', 'spilno')
            );
        }
        echo '<p class="description" id="spilno-key-help">' . ($there
            ? esc_html__('A key is stored. It is not shown again; leave this empty to keep it.', 'spilno')
            : wp_kses(
                /* translators: keep the code elements */
                __('<code>ops keys create --for cms</code> makes one. Safer still: <code>define(\'SPILNO_CMS_KEY\', …);</code> in wp-config.php.', 'spilno'),
                ['code' => []]
            )) . '</p>';
    }

    public static function comments(string $label): void
    {
        $kept = Options::get('comments');
        printf('<fieldset><legend class="screen-reader-text">%s</legend>', esc_html($label));
        foreach (['public' => __('Everybody sees them', 'spilno'), 'hidden' => __('Only editors see them, and new ones are not accepted', 'spilno')] as $value => $text) {
            printf(
                '<p><label><input type="radio" name="%s[comments]" value="%s"%s> %s</label></p>',
                esc_attr(Options::NAME),
                esc_attr($value),
                checked($kept, $value, false),
                esc_html($text)
            );
        }
        echo '<p class="description">';
        esc_html_e('A page is the same for all its readers, so comments cannot be for supporters alone.', 'spilno');
        echo '</p></fieldset>';
    }

    public static function prefix(): void
    {
        self::field('prefix', (string) Options::get('prefix'), ['required' => 'required', 'maxlength' => '20'], sprintf(
            /* translators: %s: an example, such as wp-12 */
            __('Spilno knows a post as %s. Give each site a prefix of its own where two share one Spilno.', 'spilno'),
            Options::article_id(12)
        ));
    }

    public static function classes(): void
    {
        self::field('classes', (string) Options::get('wall_classes'), [],
            __('Leave it empty: your theme’s own are found, so that an opened text looks like any other. Separate several by spaces.', 'spilno'), 'wall_classes');
    }

    /** @param array<string, string> $attributes */
    private static function field(string $id, string $value, array $attributes, string $help, string $option = ''): void
    {
        $written = '';
        foreach ($attributes + ['type' => 'text'] as $name => $set) {
            $written .= sprintf(' %s="%s"', $name, esc_attr($set));
        }
        printf(
            '<input%s id="spilno-%s" name="%s[%s]" value="%s" class="regular-text code" spellcheck="false"'
            . ' aria-describedby="spilno-%s-help"><p class="description" id="spilno-%s-help">%s</p>',
            $written,
            esc_attr($id),
            esc_attr(Options::NAME),
            esc_attr($option !== '' ? $option : $id),
            esc_attr($value),
            esc_attr($id),
            esc_attr($id),
            esc_html($help)
        );
    }

    /** How readers get to give: said here, since this is where somebody looks for it. */
    private static function elements(): void
    {
        echo '<h2>' . esc_html__('In posts, widgets and menus', 'spilno') . '</h2><ul class="ul-disc"><li>';
        esc_html_e('The donate button: the block “Spilno: donate”, or', 'spilno');
        echo ' <code>[spilno_donate]</code></li><li>';
        esc_html_e('The link to a reader’s own support: the block “Spilno: my support”, or', 'spilno');
        echo ' <code>[spilno_account]</code></li><li>';
        $menu = Options::get('api') === '' ? '' : Options::get('api') . '/account';
        esc_html_e('In a menu: a custom link to', 'spilno');
        printf(' <code>%s</code></li></ul>', esc_html($menu !== '' ? $menu : '…/account'));
    }
}
