<?php

namespace Spilno;

/**
 * Any menu item that leads to the API's own page `/account` becomes `<spilno-account>`, in classic menus and in the
 * Navigation block. It is an ordinary link that is stored, so it leads there with the plugin switched off as well.
 */
final class Menu_Link
{
    public static function hooks(): void
    {
        add_filter('walker_nav_menu_start_el', [self::class, 'in_menu'], 20, 2);
        add_filter('render_block_core/navigation-link', [self::class, 'in_navigation'], 10, 2);
        add_action('load-nav-menus.php', [self::class, 'box']);
    }

    /**
     * @param string $html
     * @param \WP_Post|object $item
     */
    public static function in_menu($html, $item): string
    {
        return self::leads_there((string) ($item->url ?? '')) ? self::wrapped((string) $html) : (string) $html;
    }

    /**
     * @param string $html
     * @param array $block
     */
    public static function in_navigation($html, $block): string
    {
        return self::leads_there((string) ($block['attrs']['url'] ?? '')) ? self::wrapped((string) $html) : (string) $html;
    }

    private static function leads_there(string $url): bool
    {
        $api = Options::get('api');
        return $api !== '' && untrailingslashit($url) === "$api/account";
    }

    /** The same with its one link inside of the element. */
    private static function wrapped(string $html): string
    {
        return Text::replaced('#<a\b.*?</a>#s', static function (array $found): string {
            return Elements::account([], $found[0]);
        }, $html, 1);
    }

    public static function box(): void
    {
        if (Options::get('api') !== '') {
            add_meta_box('spilno-menu', __('Spilno', 'spilno'), [self::class, 'box_body'], 'nav-menus', 'side', 'low');
        }
    }

    /** What WordPress's own script reads: a list of one, which "Add to Menu" makes an ordinary custom link of. */
    public static function box_body(): void
    {
        global $nav_menu_selected_id;
        $fields = [
            'menu-item-type' => 'custom',
            'menu-item-title' => __('My support', 'spilno'),
            'menu-item-url' => Options::get('api') . '/account',
        ];
        echo '<div id="spilno-menu-items" class="posttypediv"><div class="tabs-panel tabs-panel-active">';
        echo '<ul class="categorychecklist form-no-clear"><li><label class="menu-item-title">';
        echo '<input type="checkbox" class="menu-item-checkbox" name="menu-item[-1][menu-item-object-id]" value="-1"> ';
        echo esc_html($fields['menu-item-title']) . '</label>';
        foreach ($fields as $name => $value) {
            printf('<input type="hidden" name="menu-item[-1][%s]" value="%s">', esc_attr($name), esc_attr($value));
        }
        echo '</li></ul></div><p class="button-controls"><span class="add-to-menu">';
        printf(
            '<input type="submit"%s class="button submit-add-to-menu right" value="%s" name="add-spilno-menu-item"'
            . ' id="submit-spilno-menu-items"><span class="spinner"></span></span></p></div>',
            disabled((int) $nav_menu_selected_id, 0, false),
            esc_attr__('Add to Menu', 'spilno')
        );
    }
}
