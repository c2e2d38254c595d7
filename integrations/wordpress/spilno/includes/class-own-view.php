<?php

namespace Spilno;

use WP_Post;

/** Whoever may edit a post sees all of it on its public page, without asking Spilno; no cache may keep that page. */
final class Own_View
{
    public static function hooks(): void
    {
        add_action('template_redirect', [self::class, 'keep_out_of_caches'], 0);
    }

    public static function is_of(WP_Post $post): bool
    {
        // phpcs:ignore WordPress.Security.NonceVerification -- shows less than without it
        $as_stranger = isset($_GET['spilno']) && $_GET['spilno'] === 'stranger';
        return !$as_stranger && !is_feed() && is_singular() && get_queried_object_id() === $post->ID
            && is_user_logged_in() && current_user_can('edit_post', $post->ID);
    }

    public static function keep_out_of_caches(): void
    {
        if (!is_singular() || !is_user_logged_in() || !current_user_can('edit_post', get_queried_object_id())) {
            return;
        }
        foreach (['DONOTCACHEPAGE', 'DONOTCACHEOBJECT', 'DONOTCACHEDB'] as $name) {
            if (!defined($name)) {
                define($name, true);
            }
        }
        nocache_headers();
        header('Cache-Control: private, no-store');
    }

    /** The whole text; in a preview, the autosave's. */
    public static function whole(Row $row, string $text): string
    {
        $autosave = is_preview() ? wp_get_post_autosave($row->post->ID) : false;
        $rest = $autosave instanceof WP_Post && $autosave->post_content === $text
            ? Row::of($autosave)->rest()
            : $row->rest();
        return Split::join($text, (string) $rest);
    }

    public static function line(WP_Post $post): string
    {
        return sprintf(
            '<p class="spilno-own-view"><small>%s <a href="%s">%s</a></small></p>',
            esc_html__('You see the whole text because you may edit it.', 'spilno'),
            esc_url(add_query_arg('spilno', 'stranger', (string) get_permalink($post))),
            esc_html__('As readers see it', 'spilno')
        );
    }
}
