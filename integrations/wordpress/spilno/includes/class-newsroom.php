<?php

namespace Spilno;

/** What Spilno says publicly of the newsroom, asked once an hour and for editors only. */
final class Newsroom
{
    const KEPT = 'spilno_newsroom';

    /** @return array<string, string> a tier's name => its title, the lowest first */
    public static function tiers(): array
    {
        $found = get_transient(self::KEPT);
        if (!is_array($found)) {
            $found = self::asked();
            // Who gets no answer asks again in a minute, and not on each page.
            set_transient(self::KEPT, $found ?? [], $found === null ? MINUTE_IN_SECONDS : HOUR_IN_SECONDS);
        }
        return $found ?? [];
    }

    /** @return array<string, string>|null */
    private static function asked(): ?array
    {
        if (!Options::connected()) {
            return null;
        }
        $answer = Api::call('GET', '/v1/newsroom');
        if (!$answer->ok()) {
            return null;
        }
        $language = substr(get_user_locale(), 0, 2);
        $tiers = [];
        foreach ((array) ($answer->json['tiers'] ?? []) as $tier) {
            $title = $tier['title'] ?? $tier['name'];
            $tiers[(string) $tier['name']] = (string) (is_array($title) ? ($title[$language] ?? reset($title)) : $title);
        }
        return $tiers;
    }
}
