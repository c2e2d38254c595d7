<?php

namespace Spilno;

/**
 * What search engines, previews, archives and AI are told, as the newsroom's file has it: lines at the end of
 * robots.txt, headers on pages with a wall. Asked once a day and when somebody tests the connection; kept, so that no
 * robot waits for Spilno.
 */
final class Machines
{
    const KEPT = 'spilno_machines';
    const HEADERS = ['X-Robots-Tag', 'TDM-Reservation', 'Link'];

    public static function hooks(): void
    {
        add_action(Reconcile::DAILY, [self::class, 'ask'], 20);
        add_filter('robots_txt', [self::class, 'robots_txt'], 99, 2);
        add_action('template_redirect', [self::class, 'headers'], 1);
    }

    /** Whatever else it answers, or nothing, what is kept stays. */
    public static function ask(): void
    {
        $answer = Api::ask('/v1/machines');
        if ($answer->ok() && is_string($answer->json['robots_txt'] ?? null)) {
            $kept = ['robots_txt' => $answer->json['robots_txt'], 'headers' => (array) ($answer->json['headers'] ?? [])];
            update_option(self::KEPT, ['api' => Options::get('api')] + $kept, false);
        }
    }

    /**
     * @param string $lines
     * @param bool|string $public whether the site may be found at all
     */
    public static function robots_txt($lines, $public): string
    {
        $ours = self::kept()['robots_txt'] ?? '';
        return $public && $ours !== '' ? rtrim((string) $lines) . "\n\n" . trim($ours) . "\n" : (string) $lines;
    }

    public static function headers(): void
    {
        if (headers_sent() || Wall::of_page() === null) {
            return;
        }
        foreach (self::kept()['headers'] ?? [] as $name => $value) {
            if (in_array($name, self::HEADERS, true) && is_string($value) && !preg_match('/[\x00-\x1f\x7f]/', $value)) {
                // Beside those of WordPress and other plugins: a `noindex` of theirs must stay.
                header("$name: $value", false);
            }
        }
    }

    /** @return array<string, mixed> nothing of another Spilno than the one that is set */
    private static function kept(): array
    {
        $kept = get_option(self::KEPT, []);
        return is_array($kept) && Options::get('api') !== '' && ($kept['api'] ?? '') === Options::get('api') ? $kept : [];
    }
}
