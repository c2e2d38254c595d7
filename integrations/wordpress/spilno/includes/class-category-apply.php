<?php

namespace Spilno;

/**
 * Brings the posts that are there already to what the table of categories says, when somebody presses the button: so
 * many as time allows, and the rest with the next press.
 */
final class Category_Apply
{
    /**
     * The option with what is to be done: the categories that changed, how far it is, how many posts were changed; and
     * the name of the button's form.
     */
    const TODO = 'spilno_apply';
    const SECONDS = 12;
    const AT_ONCE = 50;

    public static function hooks(): void
    {
        add_action('update_option_' . Options::NAME, [self::class, 'noticed'], 10, 2);
        add_action('add_option_' . Options::NAME, static function ($name, $new): void {
            self::noticed([], $new);
        }, 10, 2);
        add_action('admin_post_' . self::TODO, [self::class, 'pressed']);
    }

    /**
     * @param mixed $old
     * @param mixed $new
     */
    public static function noticed($old, $new): void
    {
        $before = is_array($old) ? (array) ($old['category_rules'] ?? []) : [];
        $after = is_array($new) ? (array) ($new['category_rules'] ?? []) : [];
        $changed = array_filter(array_keys($before + $after), static function ($category) use ($before, $after): bool {
            return ($before[$category] ?? null) != ($after[$category] ?? null);
        });
        if ($changed !== []) {
            $still = (array) (get_option(self::TODO, [])['categories'] ?? []);
            $categories = array_values(array_unique(array_merge($still, $changed)));
            update_option(self::TODO, ['categories' => $categories, 'last' => 0, 'changed' => 0], false);
        }
    }

    /** Below the table: what is not done yet. */
    public static function show(): void
    {
        $todo = get_option(self::TODO, []);
        if (!is_array($todo) || $todo === []) {
            return;
        }
        $left = count(self::posts($todo, PHP_INT_MAX));
        if ($left === 0) {
            /* translators: %s: a number of posts */
            $done = _n('Done: %s post was changed.', 'Done: %s posts were changed.', (int) $todo['changed'], 'spilno');
            $said = (int) $todo['last'] === 0 ? '' : sprintf($done, number_format_i18n((int) $todo['changed']));
            delete_option(self::TODO);
            echo $said === '' ? '' : '<div class="notice notice-success inline" role="status"><p>' . esc_html($said) . '</p></div>';
            return;
        }
        /* translators: %s: a number of posts */
        $said = _n(
            'The table of categories has changed. %s post of these categories is unchanged. Apply the change to it now, or it follows when it is saved next.',
            'The table of categories has changed. %s posts of these categories are unchanged. Apply the change to them now, or each follows when it is saved next.',
            $left,
            'spilno'
        );
        printf(
            '<div class="notice notice-warning inline"><p>%s</p><form action="%s" method="post"><input type="hidden" name="action" value="%s">',
            esc_html(sprintf($said, number_format_i18n($left))),
            esc_url(admin_url('admin-post.php')),
            esc_attr(self::TODO)
        );
        wp_nonce_field(self::TODO, '_wpnonce', false);
        submit_button((int) $todo['last'] === 0 ? __('Apply to these posts', 'spilno') : __('Go on', 'spilno'), 'primary', '', true);
        echo '</form></div>';
    }

    public static function pressed(): void
    {
        Settings::check(self::TODO);
        self::some(microtime(true) + self::SECONDS);
        wp_safe_redirect(Settings::address() . '#spilno-categories');
        exit;
    }

    /** As many as there is time for. */
    public static function some(float $until): void
    {
        $todo = get_option(self::TODO, []);
        if (!is_array($todo) || $todo === []) {
            return;
        }
        // Nobody edited these posts: no new date, and no revision that differs in nothing.
        add_filter('wp_insert_post_data', [self::class, 'same_dates'], 100, 2);
        remove_action('post_updated', 'wp_save_post_revision');
        remove_action('wp_after_insert_post', 'wp_save_post_revision_on_insert', 9);
        do {
            $posts = self::posts($todo, self::AT_ONCE);
            foreach ($posts as $post_id) {
                $before = get_post_field('post_content', $post_id, 'raw');
                Saving::other_categories($post_id, [], [], 'category');
                $todo['changed'] += $before === get_post_field('post_content', $post_id, 'raw') ? 0 : 1;
                $todo['last'] = $post_id;
                if (microtime(true) > $until) {
                    break 2;
                }
            }
        } while ($posts !== []);
        update_option(self::TODO, $todo, false);
        remove_filter('wp_insert_post_data', [self::class, 'same_dates'], 100);
    }

    /**
     * @param array<string, mixed> $data
     * @param array<string, mixed> $given
     * @return array<string, mixed>
     */
    public static function same_dates($data, $given): array
    {
        $post = get_post((int) ($given['ID'] ?? 0));
        $dates = array_flip(['post_date', 'post_date_gmt', 'post_modified', 'post_modified_gmt']);
        return $post === null ? $data : array_merge($data, array_intersect_key($post->to_array(), $dates));
    }

    /**
     * The next posts of the categories that changed, and of those below them.
     *
     * @param array<string, mixed> $todo
     * @return list<int>
     */
    private static function posts(array $todo, int $most): array
    {
        global $wpdb;
        $categories = array_map('intval', (array) $todo['categories']);
        foreach ($categories as $category) {
            $below = get_term_children($category, 'category');
            $categories = array_merge($categories, is_array($below) ? $below : []);
        }
        $of = implode(',', array_map('intval', array_unique($categories)));
        return array_map('intval', $wpdb->get_col($wpdb->prepare(
            "SELECT DISTINCT p.ID FROM $wpdb->posts p JOIN $wpdb->term_relationships r ON r.object_id = p.ID"
            . " JOIN $wpdb->term_taxonomy t ON t.term_taxonomy_id = r.term_taxonomy_id AND t.taxonomy = 'category'"
            . " WHERE t.term_id IN ($of) AND p.ID > %d AND p.post_status NOT IN ('trash', 'auto-draft')"
            . " AND p.post_type <> 'revision' ORDER BY p.ID LIMIT %d",
            (int) $todo['last'],
            $most
        )));
    }
}
