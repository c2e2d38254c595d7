<?php

namespace Spilno;

/**
 * Articles that Spilno shall have no longer. What does not succeed now is written down in one list, and one event of
 * cron works it off, however many there are.
 */
final class Removal
{
    const HOOK = 'spilno_remove';
    /** {articles: list of ids, tries}. */
    const WAITING = 'spilno_removals';
    const SECONDS = 12;
    const TRIES = 20; // then once a day, with the comparison

    public static function hooks(): void
    {
        add_action(self::HOOK, [self::class, 'run']);
    }

    /** One article, now if Spilno answers. */
    public static function of(string $article): void
    {
        // What a copy of the site no longer has, the site itself still has.
        if (!Options::is_a_copy() && (Push::is_away() || !self::is_gone($article))) {
            self::later([$article]);
        }
    }

    /** @param list<string> $articles */
    public static function later(array $articles): void
    {
        $waiting = self::waiting();
        self::keep(array_merge($waiting['articles'], $articles), $waiting['tries']);
        if (self::number() > 0 && !wp_next_scheduled(self::HOOK)) {
            wp_schedule_single_event(time() + Push::wait($waiting['tries']), self::HOOK);
        }
    }

    /** The post is public again: its article must not go with what was planned before. */
    public static function not(string $article): void
    {
        $waiting = self::waiting();
        if (in_array($article, $waiting['articles'], true)) {
            self::keep(array_diff($waiting['articles'], [$article]), $waiting['tries']);
        }
    }

    /** As many as there is time for, as long as Spilno answers; the rest with the next event. */
    public static function run(): void
    {
        wp_clear_scheduled_hook(self::HOOK);
        $planned = Options::connected() ? self::waiting()['articles'] : [];
        $until = microtime(true) + self::SECONDS;
        foreach ($planned as $article) {
            $waiting = self::waiting();
            if (!in_array($article, $waiting['articles'], true)) {
                continue; // public again, since this began
            }
            $gone = self::is_gone($article);
            $tries = $gone ? 0 : $waiting['tries'] + 1;
            // One that never goes must not keep the others: it is the last of the next time.
            $left = array_diff(self::waiting()['articles'], [$article]);
            self::keep($gone ? $left : array_merge($left, [$article]), $tries);
            if (!$gone || microtime(true) > $until) {
                if ($tries < self::TRIES) {
                    self::later([]);
                }
                return;
            }
        }
    }

    /** How many are still to go. */
    public static function number(): int
    {
        return count(self::waiting()['articles']);
    }

    private static function is_gone(string $article): bool
    {
        if (!Options::connected()) {
            return false;
        }
        $answer = Api::call('DELETE', '/v1/articles/' . rawurlencode($article) . '?origin=' . rawurlencode(Options::origin()));
        Push::heard($answer);
        // Refused for good, as 409 where another system has put one of that name since: the comparison tells of it.
        $refused = $answer->status >= 400 && !$answer->may_pass() && !in_array($answer->status, [401, 403], true);
        return $answer->ok() || $refused;
    }

    /** @return array{articles: list<string>, tries: int} */
    private static function waiting(): array
    {
        // Another call may have changed it since this one began.
        wp_cache_delete(self::WAITING, 'options');
        $stored = get_option(self::WAITING, []);
        $stored = is_array($stored) ? $stored : [];
        return [
            'articles' => array_map('strval', array_values((array) ($stored['articles'] ?? []))),
            'tries' => (int) ($stored['tries'] ?? 0),
        ];
    }

    /** @param array<string> $articles */
    private static function keep(array $articles, int $tries): void
    {
        if ($articles === []) {
            delete_option(self::WAITING);
        } else {
            update_option(self::WAITING, ['articles' => array_values(array_unique($articles)), 'tries' => $tries], false);
        }
    }
}
