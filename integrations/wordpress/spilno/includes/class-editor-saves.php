<?php

namespace Spilno;

/**
 * Which rows come from an editor that was given the whole text: a line that is gone from one of those was taken away,
 * from all others it was lost.
 */
final class Editor_Saves
{
    /** @var array<int, true> posts whose next row is such a one */
    private static array $to_come = [];

    /** @var array<int, true> posts whose form was stored; what is stored of them afterwards comes from somebody else */
    private static array $forms = [];

    public static function hooks(): void
    {
        add_filter('_wp_post_revision_fields', [self::class, 'restored'], 10, 2);
    }

    public static function expect(int $post_id): void
    {
        self::$to_come[$post_id] = true;
    }

    /**
     * Whether the row that is stored now is such a one. Once for each time.
     *
     * @param bool $unmarked whether its text has no mark, as the text of a form has none
     */
    public static function take(int $post_id, bool $unmarked): bool
    {
        if (isset(self::$to_come[$post_id])) {
            unset(self::$to_come[$post_id]);
            return true;
        }
        if (!$unmarked || isset(self::$forms[$post_id]) || !self::has_form($post_id)) {
            return false;
        }
        self::$forms[$post_id] = true;
        return true;
    }

    /**
     * A revision is put back, in wp-admin, by XML-RPC or by code: WordPress asks with the revision itself which fields
     * it has, and does so for nothing else.
     *
     * @param mixed $fields
     * @param mixed $post
     * @return mixed
     */
    public static function restored($fields, $post)
    {
        if (is_array($post) && ($post['post_type'] ?? '') === 'revision') {
            self::expect((int) $post['post_parent']);
        }
        return $fields;
    }

    /** Whether this call brings the post's text from a form of wp-admin. */
    private static function has_form(int $post_id): bool
    {
        // phpcs:disable WordPress.Security.NonceVerification -- WordPress has looked at it; nothing is done here by it
        $action = $_REQUEST['action'] ?? '';
        if ($action === 'editpost') {
            return isset($_POST['content']) && (int) ($_POST['post_ID'] ?? 0) === $post_id;
        }
        return $action === 'heartbeat' && (int) ($_POST['data']['wp_autosave']['post_id'] ?? 0) === $post_id;
        // phpcs:enable
    }
}
