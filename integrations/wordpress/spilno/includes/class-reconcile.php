<?php

namespace Spilno;

/**
 * Once a day Spilno's list is compared with the posts: what is missing or another is sent, what is left over goes. So
 * many at once, and the rest a minute later: one event of cron waits, however many posts do.
 */
final class Reconcile
{
    const DAILY = 'spilno_compare';
    const GO_ON = 'spilno_compare_on';
    /** How far the last comparison came, and what it found: see last(). */
    const RESULT = 'spilno_compared';
    const AT_ONCE = 50;
    const SECONDS = 20;
    const PAGES = 10000;
    /** Of what is left over, so many are named. */
    const EXAMPLES = 3;

    public static function hooks(): void
    {
        add_action(self::DAILY, [self::class, 'run']);
        add_action(self::GO_ON, [self::class, 'go_on']);
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

    /** @param mixed $everywhere whether for all sites of a network */
    public static function unplan($everywhere = false): void
    {
        $unplan = static function (): void {
            wp_clear_scheduled_hook(self::DAILY);
            wp_clear_scheduled_hook(self::GO_ON);
        };
        $everywhere ? Activation::on_each_site($unplan) : $unplan();
    }

    /** @return array{at: int, problem: string, sent: int, removed: int, left_over: int, examples: list<string>, after: int, tries: int} */
    public static function last(): array
    {
        $stored = get_option(self::RESULT, []);
        return (is_array($stored) ? $stored : []) + [
            'at' => 0,          // the time
            'problem' => '',    // a code of the API's
            'sent' => 0,
            'removed' => 0,
            'left_over' => 0,   // articles that no post belongs to, too many to delete them without a question
            'examples' => [],   // some of their ids
            'after' => 0,       // the post that was sent last, if the comparison is not at its end
            'tries' => 0,       // in vain, one after the other
        ];
    }

    /** Some posts wait to be sent: compare before long, from the first one on. */
    public static function soon(): void
    {
        self::keep(['after' => 0]);
        self::plan_on(Push::FIRST_WAIT);
    }

    /** @return array<string, mixed> see last() */
    public static function run(): array
    {
        return self::compare(0, 0);
    }

    /** @return array<string, mixed> see last() */
    public static function go_on(): array
    {
        $last = self::last();
        return self::compare($last['after'], $last['tries']);
    }

    /**
     * From this post on.
     *
     * @return array<string, mixed> see last()
     */
    private static function compare(int $after, int $tries): array
    {
        if (!Options::connected()) {
            return self::last();
        }
        Options::draw_origin();
        // First of all: whatever breaks off here, the next event goes on behind it.
        self::plan_on(Push::FIRST_WAIT);
        self::keep(['at' => time(), 'problem' => '', 'sent' => 0, 'removed' => 0, 'after' => $after, 'tries' => $tries]);
        $there = self::listed();
        if ($there instanceof Answer) {
            return self::in_vain($there->code(), $there->may_pass());
        }
        if (!self::send($there, $after)) {
            return Push::is_away() ? self::in_vain('away', true) : self::last();
        }
        $left_over = self::left_over($there);
        // An old copy of the database must not empty Spilno.
        if (count($left_over) > 5 && count($left_over) > count($there) / 10) {
            $found = ['left_over' => count($left_over), 'examples' => array_slice($left_over, 0, self::EXAMPLES)];
        } else {
            $found = ['left_over' => 0, 'examples' => [], 'removed' => count($left_over)];
            Removal::later($left_over);
        }
        if (Removal::number() > 0) {
            Removal::run();
        }
        wp_clear_scheduled_hook(self::GO_ON);
        return self::keep($found + ['after' => 0, 'tries' => 0]);
    }

    /**
     * Delete what is left over, if it is not more than somebody was told of.
     *
     * @return int how many will be; -1 where there are more, or Spilno does not answer
     */
    public static function remove_left_over(int $told): int
    {
        $there = Options::connected() ? self::listed() : null;
        if (!is_array($there)) {
            return -1;
        }
        $left_over = self::left_over($there);
        self::keep(['left_over' => count($left_over), 'examples' => array_slice($left_over, 0, self::EXAMPLES)]);
        if (count($left_over) > $told) {
            return -1;
        }
        Removal::later($left_over);
        Removal::run();
        self::keep(['left_over' => 0, 'examples' => []]);
        return count($left_over);
    }

    /**
     * Send what is missing or another.
     *
     * @param array<string, string> $there an article's id => its revision
     * @return bool whether this came to the last post
     */
    private static function send(array $there, int $after): bool
    {
        $sent = 0;
        $until = microtime(true) + self::SECONDS;
        foreach (self::ours($after) as $number => $post_id) {
            self::forget_some($number);
            $row = Row::number($post_id);
            if ($row === null || !Push::belongs_there($row) || $row->rest() === null) {
                continue;
            }
            if (($there[Options::article_id($post_id)] ?? '') === Article::revision(Article::facts($row), $row)) {
                continue;
            }
            if ($sent >= self::AT_ONCE || microtime(true) > $until) {
                return false;
            }
            // Before it is sent: a text that some plugin breaks off at must not keep all that come after it.
            self::keep(['after' => $post_id, 'sent' => ++$sent]);
            Push::again_in_any_case($post_id);
            if (Push::is_away()) {
                return false;
            }
        }
        return true;
    }

    /**
     * What no post belongs to. Where a part for supporters cannot be opened here, Spilno may have the only copy.
     *
     * @param array<string, string> $there an article's id => its revision
     * @return list<string>
     */
    private static function left_over(array $there): array
    {
        foreach (self::ours(0) as $number => $post_id) {
            self::forget_some($number);
            $row = Row::number($post_id);
            if ($row !== null && Push::belongs_there($row)) {
                unset($there[Options::article_id($post_id)]);
            }
        }
        return array_map('strval', array_keys($there));
    }

    /** @return array<string, mixed> */
    private static function in_vain(string $problem, bool $may_pass): array
    {
        $tries = self::last()['tries'] + 1;
        wp_clear_scheduled_hook(self::GO_ON);
        if ($may_pass) {
            self::plan_on(Push::wait($tries - 1));
        }
        return self::keep(['problem' => $problem, 'tries' => $tries]);
    }

    /** One event waits, the earliest: it is never put off. */
    private static function plan_on(int $wait): void
    {
        $next = wp_next_scheduled(self::GO_ON);
        if ($next === false || $next > time() + $wait) {
            wp_clear_scheduled_hook(self::GO_ON);
            wp_schedule_single_event(time() + $wait, self::GO_ON);
        }
    }

    /**
     * @param array<string, mixed> $values
     * @return array<string, mixed> see last()
     */
    private static function keep(array $values): array
    {
        $all = array_merge(self::last(), $values);
        update_option(self::RESULT, $all, false);
        return $all;
    }

    /** WordPress keeps every row it has read until the call ends: thousands of texts are more than hosts allow. */
    private static function forget_some(int $number): void
    {
        if ($number % 100 === 99 && wp_cache_supports('flush_runtime')) {
            wp_cache_flush_runtime();
        }
    }

    /** @return list<int> */
    private static function ours(int $after): array
    {
        global $wpdb;
        return array_map('intval', $wpdb->get_col($wpdb->prepare(
            "SELECT ID FROM $wpdb->posts WHERE ID > %d AND post_status = 'publish' AND post_type <> 'revision'"
            . ' AND ' . Column::in_sql() . ' ORDER BY ID',
            $after
        )));
    }

    /** @return array<string, string>|Answer what Spilno has of this site; or the answer that was none */
    private static function listed()
    {
        $there = [];
        $after = '';
        for ($page = 0; $page < self::PAGES; $page++) {
            $path = '/v1/articles?origin=' . rawurlencode(Options::origin()) . ($after === '' ? '' : '&after=' . rawurlencode($after));
            $answer = Api::call('GET', $path);
            if (!$answer->ok() || !is_array($answer->json['items'] ?? null)) {
                return $answer;
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
