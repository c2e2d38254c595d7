<?php

namespace Spilno;

/** Once a day Spilno's list is compared with the posts: what is missing or another is sent, what is left over goes. */
final class Reconcile
{
    const DAILY = 'spilno_compare';
    /** The last comparison: {at, problem, sent, planned, removed, left_over}. */
    const RESULT = 'spilno_compared';
    const AT_ONCE = 20;
    const PAGES = 10000;

    public static function hooks(): void
    {
        add_action(self::DAILY, [self::class, 'run']);
        add_action('admin_init', [self::class, 'plan']);
        add_action('update_option_' . Options::NAME, [self::class, 'other_settings'], 10, 2);
        register_deactivation_hook(SPILNO_FILE, [self::class, 'unplan']);
    }

    public static function plan(): void
    {
        if (Options::connected() && !wp_next_scheduled(self::DAILY)) {
            wp_schedule_event(time() + HOUR_IN_SECONDS, 'daily', self::DAILY);
        }
    }

    /**
     * Another Spilno, or other ids: what it has is compared by the next run of cron.
     *
     * @param mixed $was
     * @param mixed $now
     */
    public static function other_settings($was, $now): void
    {
        foreach (['api', 'key', 'prefix', 'home'] as $name) {
            if (($was[$name] ?? '') !== ($now[$name] ?? '')) {
                wp_schedule_single_event(time(), self::DAILY);
                return;
            }
        }
    }

    public static function unplan(): void
    {
        wp_clear_scheduled_hook(self::DAILY);
    }

    /**
     * @param bool $all also what is left over in such numbers that the posts may be the ones that are missing
     * @return array<string, int|string>
     */
    public static function run(bool $all = false): array
    {
        $done = ['at' => time(), 'problem' => '', 'sent' => 0, 'planned' => 0, 'removed' => 0, 'left_over' => 0];
        if (!Options::connected()) {
            return $done;
        }
        $there = self::listed();
        if (is_string($there)) {
            $done['problem'] = $there;
        } else {
            $done = self::compare($there, $all === true, $done);
        }
        update_option(self::RESULT, $done, false);
        return $done;
    }

    /**
     * @param array<string, string>     $there an article's id => its revision
     * @param array<string, int|string> $done
     * @return array<string, int|string>
     */
    private static function compare(array $there, bool $all, array $done): array
    {
        $total = count($there);
        foreach (self::ours() as $post_id) {
            $row = Row::number($post_id);
            if ($row === null || !Push::belongs_there($row)) {
                continue;
            }
            $id = Options::article_id($post_id);
            if (($there[$id] ?? '') !== Article::revision(Article::facts($row), $row)) {
                $later = $done['sent'] >= self::AT_ONCE;
                Push::again_in_any_case($post_id, $later);
                $done[$later ? 'planned' : 'sent']++;
            }
            unset($there[$id]);
        }
        // An old copy of the database must not empty Spilno.
        if (!$all && count($there) > 5 && count($there) > $total / 10) {
            $done['left_over'] = count($there);
            return $done;
        }
        foreach (array_keys($there) as $id) {
            Push::remove((string) $id, 0);
            $done['removed']++;
        }
        return $done;
    }

    /** @return list<int> */
    private static function ours(): array
    {
        global $wpdb;
        $like = $wpdb->esc_like(Column::BEGINS) . '%';
        return array_map('intval', $wpdb->get_col($wpdb->prepare(
            "SELECT ID FROM $wpdb->posts WHERE post_status = 'publish' AND post_type <> 'revision'"
            . ' AND post_content_filtered LIKE %s ORDER BY ID',
            $like
        )));
    }

    /** @return array<string, string>|string what Spilno has of this site; or what went wrong */
    private static function listed()
    {
        $there = [];
        $after = '';
        for ($page = 0; $page < self::PAGES; $page++) {
            $path = '/v1/articles?origin=' . Options::origin() . ($after === '' ? '' : '&after=' . rawurlencode($after));
            $answer = Api::call('GET', $path);
            if (!$answer->ok() || !is_array($answer->json['items'] ?? null)) {
                return $answer->ok() ? __('This address does not answer as Spilno does.', 'spilno') : $answer->title();
            }
            foreach ($answer->json['items'] as $item) {
                $there[(string) $item['id']] = (string) ($item['revision'] ?? '');
            }
            $next = (string) ($answer->json['next'] ?? '');
            if ($next === '' || $next === $after) {
                break;
            }
            $after = $next;
        }
        return $there;
    }
}
