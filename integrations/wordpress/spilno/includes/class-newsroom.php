<?php

namespace Spilno;

/** What Spilno says publicly of the newsroom, asked once an hour and for editors only. */
final class Newsroom
{
    const KEPT = 'spilno_newsroom';

    /** @return array<string, string> a tier's name => its title in the language of who asks, the lowest tier first */
    public static function tiers(): array
    {
        $found = get_transient(self::KEPT);
        if (!is_array($found)) {
            $found = self::asked();
            // Who gets no answer asks again in a minute, and not on each page.
            set_transient(self::KEPT, $found ?? [], $found === null ? MINUTE_IN_SECONDS : HOUR_IN_SECONDS);
        }
        $titles = [];
        foreach ($found ?? [] as $name => $in_languages) {
            $titles[(string) $name] = self::said((array) $in_languages, (string) $name);
        }
        return $titles;
    }

    /**
     * In the language of the page that is made now; else in the first one there is.
     *
     * @param array<int|string, mixed> $in_languages
     */
    public static function said(array $in_languages, string $otherwise): string
    {
        $language = substr(determine_locale(), 0, 2);
        return (string) ($in_languages[$language] ?? (reset($in_languages) ?: $otherwise));
    }

    /** @return array<string, array<int|string, mixed>>|null a tier's name => its titles: all languages, since it is kept for all who ask */
    private static function asked(): ?array
    {
        if (!Options::connected()) {
            return null;
        }
        $answer = Api::ask('/v1/newsroom');
        if (!$answer->ok()) {
            return null;
        }
        $tiers = [];
        foreach ((array) ($answer->json['tiers'] ?? []) as $tier) {
            $tiers[(string) $tier['name']] = (array) ($tier['title'] ?? []);
        }
        return $tiers;
    }
}
