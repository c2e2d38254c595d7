<?php

namespace Spilno;

/**
 * Comments below posts with a line, where the newsroom wants them hidden: out of lists, counts, feeds and the REST
 * API, for everybody but who may moderate them. No new ones are taken there.
 */
final class Hidden_Comments
{
    public static function hooks(): void
    {
        add_action('pre_get_comments', [self::class, 'kept_apart']);
        add_filter('comments_clauses', [self::class, 'clauses']);
        add_filter('comment_feed_where', [self::class, 'feed']);
        add_filter('rest_prepare_comment', [self::class, 'one'], 10, 2);
        add_filter('get_comments_number', [self::class, 'number'], 10, 2);
        add_filter('comments_open', [self::class, 'open'], 10, 2);
    }

    /**
     * WordPress keeps what a query found by what was asked, not by what filters made of it: a moderator's list would
     * be a stranger's next.
     *
     * @param \WP_Comment_Query $query
     */
    public static function kept_apart($query): void
    {
        if (self::on()) {
            $query->query_vars['cache_domain'] .= '-spilno-hidden';
        }
    }

    /**
     * @param array<string, string> $clauses
     * @return array<string, string>
     */
    public static function clauses($clauses): array
    {
        if (self::on()) {
            $clauses['where'] .= ($clauses['where'] === '' ? '' : ' AND') . self::condition('comment_post_ID');
        }
        return $clauses;
    }

    /** @param string $where */
    public static function feed($where): string
    {
        return self::on() ? "$where AND" . self::condition('comment_post_ID') : (string) $where;
    }

    /**
     * @param mixed $response
     * @param \WP_Comment $comment
     * @return mixed
     */
    public static function one($response, $comment)
    {
        return self::hidden((int) $comment->comment_post_ID)
            ? new \WP_Error('rest_cannot_read', __('Comments below this post are not public.', 'spilno'), ['status' => 403])
            : $response;
    }

    /**
     * @param int|string $number
     * @param int $post_id
     * @return int|string
     */
    public static function number($number, $post_id)
    {
        return self::hidden((int) $post_id) ? 0 : $number;
    }

    /**
     * @param bool $open
     * @param int $post_id
     */
    public static function open($open, $post_id): bool
    {
        return $open && !self::hidden((int) $post_id);
    }

    private static function on(): bool
    {
        return Options::get('comments') === 'hidden' && !wp_doing_cron() && !current_user_can('moderate_comments');
    }

    private static function hidden(int $post_id): bool
    {
        $post = self::on() ? get_post($post_id) : null;
        return $post !== null && Column::is_sealed($post->post_content_filtered);
    }

    /** The column says which posts have a rest, without a look into their texts. */
    private static function condition(string $column): string
    {
        global $wpdb;
        return " $column NOT IN (SELECT ID FROM $wpdb->posts WHERE " . Column::in_sql() . ')';
    }
}
