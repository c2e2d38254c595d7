<?php

namespace Spilno;

use WP_Error;
use WP_REST_Request;

/** On its way into the table a text is cut in two. */
final class Saving
{
    /** @var array<int, array<int>> the categories that come with a row and are stored after it */
    private static array $categories = [];

    /** @var array<int, true> posts that are cut anew because of their categories */
    private static array $cutting = [];

    public static function hooks(): void
    {
        add_filter('wp_insert_post_data', [self::class, 'row'], 99, 2);
        add_action('save_post', [self::class, 'own_number'], PHP_INT_MIN, 3);
        add_action('set_object_terms', [self::class, 'other_categories'], 20, 4);
        add_action('rest_api_init', static function () {
            foreach (get_post_types(['show_in_rest' => true]) as $type) {
                add_filter("rest_pre_insert_$type", [self::class, 'by_rest'], 99, 2);
            }
        });
    }

    /**
     * The block editor was given the whole text, so it may take the line away.
     *
     * @param object|WP_Error $prepared
     * @return object|WP_Error
     */
    public static function by_rest($prepared, WP_REST_Request $request)
    {
        if (is_wp_error($prepared) || !isset($prepared->post_content)) {
            return $prepared;
        }
        $post_id = (int) ($prepared->ID ?? $request['id'] ?? 0);
        $type = (string) ($prepared->post_type ?? get_post_type($post_id));
        $text = (string) $prepared->post_content;
        $why = Row::takes($type) ? Refusal::of($post_id, $text) : Refusal::of_other_type($text);
        if ($why !== '') {
            return new WP_Error('spilno_refused', $why, ['status' => 400]);
        }
        Editor_Saves::expect($post_id);
        if (is_array($request['categories'] ?? null)) {
            self::$categories[$post_id] = array_map('intval', $request['categories']);
        }
        return $prepared;
    }

    /**
     * @param array<string, mixed> $data    the row, with slashes
     * @param array<string, mixed> $postarr
     * @return array<string, mixed>
     */
    public static function row(array $data, array $postarr): array
    {
        $post_id = (int) ($postarr['ID'] ?? 0);
        $is_revision = $data['post_type'] === 'revision';
        $owner = $is_revision ? (int) $data['post_parent'] : $post_id;
        $type = $is_revision ? (string) get_post_type($owner) : (string) $data['post_type'];
        if (!Row::takes($type) || $data['post_status'] === 'auto-draft') {
            return $data;
        }
        $text = (string) wp_unslash($data['post_content']);
        $column = (string) wp_unslash($data['post_content_filtered']);
        if (Column::is_sealed($column) && !self::is_of_this($column, $owner)) {
            // Whoever may write this post need not be who may read that one.
            $column = $data['post_content_filtered'] = '';
        }
        $stored = Row::number($post_id);
        $mark = Divider::in($text, true);
        $was = $stored === null ? '' : $stored->post->post_content_filtered;
        $by_editor = $is_revision || Editor_Saves::take($post_id, $mark === null)
            // Whoever writes a line as editors do has the whole text, for instance from an export.
            || ($mark === null && Divider::in($text, false) !== null);
        if ($mark !== null) {
            // What is put back from a copy of the post has the copy's rest. A revision that is restored brings its own;
            // whoever knows nothing of it, none or the stored one.
            $rest = self::copied($mark, $owner, (int) $data['post_author']) ?? Column::open($column) ?? Column::open($was);
        } else {
            $rest = $by_editor ? null : Column::open($was);
        }
        if ($rest === null && Column::is_sealed($was) && ($mark !== null || !$by_editor)) {
            return self::left($data, $was, $mark === null ? $stored : null);
        }
        if ($rest === null && $mark !== null) {
            return $data;
        }
        // What lost its mark on the way gets the rest again, at its end.
        $whole = $rest === null ? $text : Split::join($text, $rest);
        $at = $mark === null ? strlen($whole) - strlen((string) $rest) : $mark->from;
        $drawn = $mark ?? ($rest === null ? null : $stored->mark);
        // What is only copied or changed by the way stays cut where it is, whatever the rule says now.
        $stays = $drawn !== null && $drawn->by_rule && ($is_revision || !$by_editor);
        $split = $stays && Divider::in($whole, false) === null
            ? Split::at($whole, $at, $drawn->access)
            : Split::cut($whole, self::rule($type, $owner, $postarr));
        return self::cut($data, $split, $whole, $column, $owner, $is_revision);
    }

    /**
     * @param array<string, mixed> $data
     * @return array<string, mixed>
     */
    private static function cut(array $data, ?Split $split, string $whole, string $column, int $owner, bool $quiet): array
    {
        if ($split === null) {
            $data['post_content'] = wp_slash($whole);
            $data['post_content_filtered'] = Column::is_sealed($column) ? '' : $data['post_content_filtered'];
            return $data;
        }
        $sealed = Refusal::of_row($column, $owner) === '' ? Column::seal($split->rest) : null;
        if ($sealed === null) {
            // It must not come out: nobody sees a draft. What is out already, and closed by a rule alone, stays.
            $comes_out = $data['post_status'] === 'future' || Row::is_public((string) $data['post_status']);
            if (!$quiet && !($split->by_rule && self::is_out($owner)) && $comes_out) {
                $data['post_status'] = 'draft';
            }
            return $data;
        }
        Options::draw_origin();
        $data['post_content'] = wp_slash($split->stored($owner, Options::origin()));
        $data['post_content_filtered'] = $sealed;
        return $data;
    }

    /** Whether everybody can read all of this post as it is stored. */
    private static function is_out(int $post_id): bool
    {
        $row = Row::number($post_id);
        return $row !== null && Row::is_public($row->post->post_status) && $row->mark === null
            && !Column::is_sealed($row->post->post_content_filtered);
    }

    /** Whether a sealed rest is this post's own, now or in one of its revisions. */
    private static function is_of_this(string $column, int $owner): bool
    {
        $row = Row::number($owner);
        if ($row === null || $row->post->post_content_filtered === $column) {
            return $row !== null;
        }
        global $wpdb;
        return (bool) $wpdb->get_var($wpdb->prepare(
            "SELECT 1 FROM $wpdb->posts WHERE (ID = %d OR (post_parent = %d AND post_type = 'revision'))"
            . ' AND post_content_filtered = %s LIMIT 1',
            $owner,
            $owner,
            $column
        ));
    }

    /**
     * The rest cannot be opened (its key is lost): it stays where it is, and so does the mark.
     *
     * @param array<string, mixed> $data
     * @return array<string, mixed>
     */
    private static function left(array $data, string $was, ?Row $unmarked): array
    {
        $data['post_content_filtered'] = $was;
        if ($unmarked !== null && $unmarked->mark !== null) {
            $from = $unmarked->mark->from;
            $data['post_content'] .= wp_slash("\n\n" . substr($unmarked->post->post_content, $from, $unmarked->mark->to - $from));
        }
        return $data;
    }

    /** The rest of another post whose text was copied without it, for whoever may edit that one. */
    private static function copied(Divider $mark, int $owner, int $author): ?string
    {
        $original = $mark->kept_by(Options::origin());
        if ($original === null || $original === $owner) {
            return null;
        }
        // What is put back by the clock has nobody who asks for it: its author does.
        $who = get_current_user_id() === 0 && wp_doing_cron() ? $author : get_current_user_id();
        $row = user_can($who, 'edit_post', $original) ? Row::number($original) : null;
        return $row === null ? null : $row->rest();
    }

    /**
     * @param array<string, mixed> $postarr
     * @return array<string, mixed>|null
     */
    private static function rule(string $type, int $owner, array $postarr): ?array
    {
        if (!is_object_in_taxonomy($type, 'category')) {
            return null;
        }
        // The block editor stores categories after the row: a text must not be public in between.
        $given = self::$categories[$owner] ?? $postarr['post_category'] ?? null;
        return is_array($given) && $given !== [] ? Rules::of_categories($given) : Rules::of_post($owner);
    }

    /** A post that had no number when it was cut is named in its mark, so that a copy of its text finds its rest. */
    public static function own_number(int $post_id, \WP_Post $post, bool $update): void
    {
        $row = Row::of($post);
        if ($row->mark === null || $row->mark->kept !== 0 || !$row->is_walled()) {
            return;
        }
        global $wpdb;
        $mark = Divider::mark($row->mark->access, $post_id, $row->mark->origin, $row->mark->by_rule, has_blocks($post->post_content));
        $post->post_content = $row->before() . $mark . substr($post->post_content, $row->mark->to);
        $wpdb->update($wpdb->posts, ['post_content' => $post->post_content], ['ID' => $post_id]);
        clean_post_cache($post_id);
    }

    /**
     * Categories changed without the text, for instance for many posts at once.
     *
     * @param mixed $terms
     * @param mixed $tt_ids
     */
    public static function other_categories(int $post_id, $terms, $tt_ids, string $taxonomy): void
    {
        if ($taxonomy !== 'category' || isset(self::$cutting[$post_id])) {
            return;
        }
        // WordPress stores the row, then the categories, and only then forgets the row of before.
        clean_post_cache($post_id);
        $row = Row::number($post_id);
        if ($row === null || !Row::takes($row->post->post_type) || $row->post->post_status === 'auto-draft') {
            return;
        }
        $to_come = self::$categories[$post_id] ?? self::$categories[0] ?? null;
        // A new post gets the site's first category before it gets its own.
        if ($to_come !== null && array_diff($to_come, wp_get_post_categories($post_id)) !== []) {
            return;
        }
        unset(self::$categories[$post_id], self::$categories[0]);
        $split = Split::cut($row->whole(), Rules::of_post($post_id));
        $same = $split === null || $row->mark === null
            ? $split === null && $row->mark === null
            : $split->before === $row->before() && $split->access === $row->mark->access;
        if ($same || ($row->mark !== null && $row->rest() === null)) {
            return;
        }
        // What cannot be cut stays as it is, and is said beside the post; what is yet to come out becomes a draft.
        $cannot = $split !== null && Refusal::of_row($row->post->post_content_filtered, $post_id) !== '';
        if ($cannot && $row->post->post_status !== 'future') {
            return;
        }
        self::$cutting[$post_id] = true;
        Editor_Saves::expect($post_id);
        self::store_as_it_is($post_id, $row->whole());
        unset(self::$cutting[$post_id]);
    }

    /** Somebody else wrote this text: what the one who changes its category may write is no matter. */
    private static function store_as_it_is(int $post_id, string $whole): void
    {
        $filtered = has_filter('content_save_pre', 'wp_filter_post_kses') !== false;
        if ($filtered) {
            kses_remove_filters();
        }
        try {
            wp_update_post(['ID' => $post_id, 'post_content' => wp_slash($whole)]);
        } finally {
            if ($filtered) {
                kses_init_filters();
            }
        }
    }
}
