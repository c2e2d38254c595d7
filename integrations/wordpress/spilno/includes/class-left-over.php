<?php

namespace Spilno;

/**
 * Articles of this site that no post belongs to, too many to delete them unasked: after another prefix they are what
 * the old one left, after an old copy of the database they are the newsroom's own. So somebody is told, and decides.
 */
final class Left_Over
{
    const ACTION = 'spilno_left_over';

    public static function hooks(): void
    {
        add_action('admin_post_' . self::ACTION, [self::class, 'pressed']);
    }

    /** @return array<int, array{0: string, 1: string, 2: string}> as Connection::check() has it */
    public static function found(): array
    {
        $said = self::sentence();
        return $said === '' ? [] : [[Connection::NOTE, 'left_over', $said]];
    }

    /** On the settings' page. */
    public static function show(): void
    {
        $going = Removal::number();
        if ($going > 0) {
            /* translators: %s: a number of articles */
            $said = _n('%s article is still to be deleted at Spilno. That goes on by itself.', '%s articles are still to be deleted at Spilno. That goes on by itself.', $going, 'spilno');
            printf('<div class="notice notice-info inline" role="status"><p>%s</p></div>', esc_html(sprintf($said, number_format_i18n($going))));
        }
        $said = self::sentence();
        if ($said === '') {
            return;
        }
        printf(
            '<div class="notice notice-warning inline" id="spilno-left-over"><p>%s</p><form action="%s" method="post">'
            . '<input type="hidden" name="action" value="%s"><input type="hidden" name="told" value="%d">',
            esc_html($said),
            esc_url(admin_url('admin-post.php')),
            esc_attr(self::ACTION),
            (int) Reconcile::last()['left_over']
        );
        wp_nonce_field(self::ACTION, '_wpnonce', false);
        submit_button(__('Delete what is left over', 'spilno'), 'secondary', '', true);
        echo '</form></div>';
    }

    public static function pressed(): void
    {
        Settings::check(self::ACTION);
        Reconcile::remove_left_over(isset($_POST['told']) ? absint($_POST['told']) : 0);
        wp_safe_redirect(Settings::address());
        exit;
    }

    private static function sentence(): string
    {
        $last = Reconcile::last();
        $number = (int) $last['left_over'];
        if ($number === 0) {
            return '';
        }
        /* translators: 1: a number of articles, 2: some of their ids, such as wp-12, wp-15 */
        $said = _n(
            'Spilno has %1$s article of this site that no post belongs to (%2$s). If you have changed the prefix or deleted posts, delete it there. If the database was brought back from an older copy, leave it: its post may be missing here.',
            'Spilno has %1$s articles of this site that no post belongs to (%2$s). If you have changed the prefix or deleted posts, delete them there. If the database was brought back from an older copy, leave them: their posts may be missing here.',
            $number,
            'spilno'
        );
        $examples = implode(', ', (array) $last['examples']) . ($number > count((array) $last['examples']) ? ' …' : '');
        return sprintf($said, number_format_i18n($number), $examples);
    }
}
