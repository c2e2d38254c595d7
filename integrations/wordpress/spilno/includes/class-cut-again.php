<?php

namespace Spilno;

/**
 * Texts that were stored whole while nobody cut them: the plugin was off, or something wrote into the table past
 * WordPress. Readers see their beginning at once (Wall); here the rows are put right, without a new date, a revision or
 * a word to other plugins.
 */
final class Cut_Again
{
    const EVENT = 'spilno_cut';
    const AT_ONCE = 100;
    const SECONDS = 15;

    public static function hooks(): void
    {
        register_activation_hook(SPILNO_FILE, [self::class, 'activated']);
        add_action(self::EVENT, [self::class, 'run']);
    }

    /** @param mixed $everywhere whether for all sites of a network */
    public static function activated($everywhere = false): void
    {
        if ($everywhere && !wp_is_large_network()) {
            // A site's types of posts are known to its own calls alone.
            Activation::on_each_site(static function (): void {
                wp_schedule_single_event(time(), self::EVENT);
            });
        }
        self::run();
    }

    /** Somebody met such a row. */
    public static function plan(Row $row): void
    {
        if (self::split($row) !== null && wp_next_scheduled(self::EVENT) === false) {
            wp_schedule_single_event(time(), self::EVENT);
        }
    }

    /** As many as there is time for, those behind the post `$last`; then the rest by another event. */
    public static function run(int $last = 0): void
    {
        $until = microtime(true) + self::SECONDS;
        $cut = 0;
        do {
            $posts = self::posts($last);
            foreach ($posts as $last) {
                $cut += (int) self::cut($last);
            }
        } while ($posts !== [] && microtime(true) < $until);
        if ($posts !== []) {
            wp_schedule_single_event(time(), self::EVENT, [$last]);
        }
        if ($cut > 0 && Options::connected()) {
            Reconcile::soon();
        }
    }

    private static function cut(int $post_id): bool
    {
        global $wpdb;
        $row = Row::number($post_id);
        $split = $row === null ? null : self::split($row);
        $sealed = $split === null ? null : Column::seal($split->rest);
        if ($sealed === null) {
            return false;
        }
        Options::draw_origin();
        $stored = $split->stored($post_id, Options::origin());
        $wpdb->update(
            $wpdb->posts,
            ['post_content' => $stored, 'post_content_filtered' => $sealed],
            // Nothing that somebody stores meanwhile is written over.
            ['ID' => $post_id, 'post_content' => $row->post->post_content]
        );
        clean_post_cache($post_id);
        return true;
    }

    /** How a row is to be cut; null where that is not due, or cannot be done. */
    private static function split(Row $row): ?Split
    {
        $split = Row::takes($row->post->post_type) && $row->post->post_status !== 'auto-draft' ? $row->overdue() : null;
        $refused = $split !== null && Refusal::of_row($row->post->post_content_filtered, $row->post->ID) !== '';
        return $refused ? null : $split;
    }

    /** @return list<int> the next posts in which there may be a line */
    private static function posts(int $last): array
    {
        global $wpdb;
        return array_map('intval', $wpdb->get_col($wpdb->prepare(
            "SELECT ID FROM $wpdb->posts WHERE ID > %d AND post_content LIKE %s AND post_type <> 'revision'"
            . " AND post_status <> 'auto-draft' ORDER BY ID LIMIT %d",
            $last,
            '%spilno%',
            self::AT_ONCE
        )));
    }
}
