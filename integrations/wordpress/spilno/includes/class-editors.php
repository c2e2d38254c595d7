<?php

namespace Spilno;

use WP_Post;
use WP_REST_Request;
use WP_REST_Response;

/** Whoever may edit a post is given its whole text, wherever WordPress lets them edit, compare or export it. */
final class Editors
{
    public static function hooks(): void
    {
        add_action('rest_api_init', static function () {
            foreach (get_post_types(['show_in_rest' => true]) as $type) {
                add_filter("rest_prepare_$type", [self::class, 'rest'], 99, 3);
            }
            add_filter('rest_prepare_revision', [self::class, 'rest'], 99, 3);
            add_filter('rest_prepare_autosave', [self::class, 'rest'], 99, 3);
        });
        add_filter('content_edit_pre', [self::class, 'classic'], 1, 2);
        add_filter('the_content_export', [self::class, 'export'], 1);
        add_filter('_wp_post_revision_fields', [self::class, 'in_revisions']);
        add_filter('_wp_post_revision_field_post_content', [self::class, 'compared'], 1, 3);
        add_filter('_wp_post_revision_field_post_content_filtered', '__return_empty_string', 99);
    }

    /** REST shows raw texts of others' published posts to every contributor; the rest only to who may edit this one. */
    public static function rest(WP_REST_Response $response, WP_Post $post, WP_REST_Request $request): WP_REST_Response
    {
        $data = $response->get_data();
        if ($request['context'] === 'edit' && isset($data['content']['raw']) && self::may_edit($post)) {
            $data['content']['raw'] = Row::of($post)->whole();
            $response->set_data($data);
        } elseif (isset($data['content']['raw'])) {
            $data['content']['raw'] = Row::of($post)->shown();
            $response->set_data($data);
        }
        return $response;
    }

    /** @param mixed $text */
    public static function classic($text, $post_id = 0): string
    {
        $post_id = (int) $post_id;
        $row = Row::number($post_id);
        $is_this = $row !== null && $row->post->post_content === $text && self::may_edit($row->post);
        return $is_this ? $row->whole() : (string) $text;
    }

    /** @param mixed $text */
    public static function export($text): string
    {
        $text = (string) $text;
        // The loop of an export goes over plain rows of the table, not over WP_Post.
        $post = $GLOBALS['post'] ?? null;
        $row = is_object($post) && isset($post->ID) ? Row::number((int) $post->ID) : null;
        // By the clock or on the command line nobody is signed in, and who may ask was decided before.
        $may = current_user_can('export') || wp_doing_cron() || (defined('WP_CLI') && WP_CLI);
        return $row !== null && $may && $row->post->post_content === $text ? $row->exported() : $text;
    }

    /**
     * @param array<string, string> $fields
     * @return array<string, string>
     */
    public static function in_revisions(array $fields): array
    {
        return $fields + ['post_content_filtered' => __('The part for supporters', 'spilno')];
    }

    /** @param mixed $text */
    public static function compared($text, string $field, $revision): string
    {
        return $revision instanceof WP_Post && self::may_edit($revision) ? Row::of($revision)->whole() : (string) $text;
    }

    private static function may_edit(WP_Post $post): bool
    {
        return current_user_can('edit_post', $post->post_type === 'revision' ? $post->post_parent : $post->ID);
    }
}
