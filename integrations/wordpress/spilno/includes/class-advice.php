<?php

namespace Spilno;

/** What the admin pages say once: that the plugin is not connected yet, and what deleting it would do. */
final class Advice
{
    /** Of a user: the names of what they have read and closed. */
    const DISMISSED = 'spilno_dismissed';
    const ACTION = 'spilno_dismiss';

    public static function hooks(): void
    {
        add_action('admin_notices', [self::class, 'not_connected']);
        add_action('admin_post_' . self::ACTION, [self::class, 'dismiss']);
        add_action('after_plugin_row_' . plugin_basename(SPILNO_FILE), [self::class, 'before_deleting']);
    }

    public static function not_connected(): void
    {
        $screen = get_current_screen();
        $here = $screen !== null && in_array($screen->id, ['dashboard', 'plugins', 'edit-post'], true);
        $ready = Options::get('api') !== '' && Options::get('key') !== '';
        if (!$here || $ready || !current_user_can(Settings::capability()) || self::is_dismissed('connect')) {
            return;
        }
        printf(
            '<div class="notice notice-info"><p>%s</p><p><a class="button button-primary" href="%s">%s</a> <a class="button" href="%s">%s</a></p></div>',
            esc_html__('Spilno is active, but not connected yet: donate buttons stay empty, and posts for supporters show their beginning only.', 'spilno'),
            esc_url(Settings::address()),
            esc_html__('Connect', 'spilno'),
            esc_url(wp_nonce_url(admin_url('admin-post.php?action=' . self::ACTION . '&notice=connect'), self::ACTION)),
            esc_html__('Do not show again', 'spilno')
        );
    }

    /** A link, so that it works without JavaScript, and is remembered. */
    public static function dismiss(): void
    {
        check_admin_referer(self::ACTION);
        $name = isset($_GET['notice']) && is_string($_GET['notice']) ? sanitize_key($_GET['notice']) : '';
        if ($name !== '' && !self::is_dismissed($name)) {
            add_user_meta(get_current_user_id(), self::DISMISSED, $name);
        }
        wp_safe_redirect(wp_get_referer() ?: admin_url());
        exit;
    }

    private static function is_dismissed(string $name): bool
    {
        return in_array($name, (array) get_user_meta(get_current_user_id(), self::DISMISSED), true);
    }

    /** Said while the plugin is active: an inactive one cannot say anything, and only an inactive one can be deleted. */
    public static function before_deleting(): void
    {
        global $wpdb;
        $sealed = Column::in_sql();
        $walled = (int) $wpdb->get_var("SELECT COUNT(*) FROM $wpdb->posts WHERE $sealed AND post_type <> 'revision'");
        if ($walled === 0) {
            return;
        }
        /* translators: %s: a number of posts */
        $said = _n(
            'Deactivating changes nothing: %s post for supporters goes on showing its beginning only. Deleting the plugin puts its whole text back and makes it private, so that nothing closed becomes public; Spilno’s copy is deleted.',
            'Deactivating changes nothing: %s posts for supporters go on showing their beginning only. Deleting the plugin puts their whole texts back and makes them private, so that nothing closed becomes public; Spilno’s copies are deleted.',
            $walled,
            'spilno'
        );
        printf(
            '<tr class="plugin-update-tr active"><td colspan="%d" class="plugin-update colspanchange"><div class="notice inline notice-info notice-alt" id="spilno-before-deleting"><p>%s</p></div></td></tr>',
            (int) _get_list_table('WP_Plugins_List_Table')->get_column_count(),
            esc_html(sprintf($said, number_format_i18n($walled)))
        );
    }
}
