<?php

namespace Spilno;

/** Asks Spilno whether everything is right between it and this site, and says what is not, a sentence each. */
final class Connection
{
    const GOOD = 'good';
    const NOTE = 'recommended';
    const BAD = 'critical';

    /**
     * What was found, the gravest first; last that all is well, where nothing grave is wrong.
     *
     * @return array<int, array{0: string, 1: string, 2: string}> how grave, a code, a sentence
     */
    public static function check(): array
    {
        $api = (string) Options::get('api');
        if ($api === '') {
            return [[self::BAD, 'no_api', self::sentence('no_api')]];
        }
        if (!Api_Key::may_go_to($api)) {
            return array_merge(self::of_settings(), self::of_scheme());
        }
        // Without the key: whoever answers here may be anybody.
        $newsroom = Api::ask('/v1/newsroom');
        if ($newsroom->status !== 200 || !isset($newsroom->json['cookie_origins'])) {
            return [[self::BAD, 'unreachable', self::no_newsroom($api, $newsroom)]];
        }
        $found = array_merge(
            self::of_settings(),
            self::of_scheme(),
            self::of_origin($api, (array) $newsroom->json['cookie_origins']),
            self::of_stage((bool) ($newsroom->json['livemode'] ?? true))
        );
        if (!in_array(self::BAD, array_column($found, 0), true)) {
            /* translators: %s: the newsroom's name */
            $fine = __('This site is connected to “%s”.', 'spilno');
            $found[] = [self::GOOD, 'connected', sprintf($fine, Newsroom::said((array) ($newsroom->json['name'] ?? []), 'Spilno'))];
        }
        return self::gravest_first($found);
    }

    /**
     * @param array<int, array{0: string, 1: string, 2: string}> $found
     * @return array<int, array{0: string, 1: string, 2: string}>
     */
    public static function gravest_first(array $found): array
    {
        $ranks = [self::BAD => 0, self::NOTE => 1, self::GOOD => 2];
        usort($found, static function (array $one, array $other) use ($ranks): int {
            return $ranks[$one[0]] <=> $ranks[$other[0]];
        });
        return $found;
    }

    /** Why nothing can be sent, by the code of Options::trouble(). */
    public static function sentence(string $code): string
    {
        switch ($code) {
            case 'no_api':
                return __('The address of your Spilno is not set.', 'spilno');
            case 'api_http':
                return __('The address of Spilno begins with http://, where anybody on the way can read along. Nothing is sent there, the key least of all. Write the address with https://.', 'spilno');
            case 'no_key':
                return __('There is no key, so no post can be sent. “ops keys create --for cms” makes one.', 'spilno');
            case 'key_of_the_network':
                return __('SPILNO_CMS_KEY in wp-config.php is for the address of the network’s main site. This site has another address, so store a key of its own here.', 'spilno');
            case 'copy':
                return __('Nothing is sent from here: the site has another address than when Spilno was set up. If it has moved, save the settings of Spilno once more; if this is a copy for trying, leave them.', 'spilno');
        }
        return '';
    }

    /** The origin of this site's public pages, as browsers write it. */
    public static function origin(): string
    {
        $parts = wp_parse_url(home_url());
        $host = strtolower((string) ($parts['host'] ?? ''));
        if (function_exists('idn_to_ascii') && preg_match('/[^\x20-\x7e]/', $host)) {
            $host = idn_to_ascii($host, IDNA_NONTRANSITIONAL_TO_ASCII, INTL_IDNA_VARIANT_UTS46) ?: $host;
        }
        $scheme = strtolower((string) ($parts['scheme'] ?? 'http'));
        $usual = ['http' => 80, 'https' => 443][$scheme] ?? 0;
        $port = isset($parts['port']) && $parts['port'] !== $usual ? ':' . $parts['port'] : '';
        return "$scheme://$host$port";
    }

    private static function no_newsroom(string $api, Answer $answer): string
    {
        if ($answer->status === 0) {
            /* translators: 1: an address, 2: a technical reason */
            $said = __('%1$s does not answer (%2$s). Is the address right, and may your server call it?', 'spilno');
            return sprintf($said, $api, $answer->title());
        }
        if ($answer->may_pass()) {
            /* translators: 1: an address, 2: an HTTP status */
            $said = __('%1$s has trouble just now (status %2$d). Try again in a minute.', 'spilno');
            return sprintf($said, $api, $answer->status);
        }
        if ($answer->status >= 300 && $answer->status < 400) {
            /* translators: %s: an address */
            $said = __('%s leads to another address. Write the one it leads to, with https:// before it.', 'spilno');
            return sprintf($said, $api);
        }
        /* translators: 1: an address, 2: an HTTP status */
        $said = __('%1$s answers, but it is no Spilno (status %2$d). Write the address as in SPILNO_PUBLIC_URL.', 'spilno');
        return sprintf($said, $api, $answer->status);
    }

    /** What is wrong with the settings themselves; the key is tried only where nothing is. */
    private static function of_settings(): array
    {
        $trouble = Options::trouble();
        if ($trouble === '') {
            return self::of_key();
        }
        return [[self::BAD, $trouble, self::sentence($trouble)]];
    }

    private static function of_key(): array
    {
        $answer = Api::call('GET', '/v1/articles?origin=' . rawurlencode(Options::origin()));
        if ($answer->status === 401 || $answer->status === 403) {
            return [[self::BAD, 'wrong_key', __('Spilno does not know this key. Was it made for the CMS, for this stage, and not revoked since?', 'spilno')]];
        }
        if ($answer->ok()) {
            return [];
        }
        if ($answer->may_pass()) {
            return [[self::NOTE, 'key_unknown', __('Spilno could not check the key just now. Try again in a minute.', 'spilno')]];
        }
        return [[self::BAD, 'old_api', __('This Spilno is older than the plugin and has no list of articles. Update it.', 'spilno')]];
    }

    private static function of_scheme(): array
    {
        $local = '#^http://(localhost|127\.0\.0\.1|\[::1\]|[a-z0-9.-]+\.(localhost|test))(:\d+)?$#i';
        return strpos(self::origin(), 'http://') === 0 && !preg_match($local, self::origin())
            ? [[self::BAD, 'site_http', __('This site itself is at http://. Texts open on its pages only at https:// (Settings → General).', 'spilno')]]
            : [];
    }

    private static function of_origin(string $api, array $origins): array
    {
        $ours = self::origin();
        if (in_array($ours, $origins, true) || strpos("$api/", "$ours/") === 0) {
            return [];
        }
        $twin = strpos($ours, '://www.') ? str_replace('://www.', '://', $ours) : str_replace('://', '://www.', $ours);
        if (in_array($twin, $origins, true)) {
            /* translators: 1: this site's origin, 2: the listed one */
            $said = __('Spilno knows this site as %2$s, but its pages are at %1$s. Add %1$s to SPILNO_SITE_ORIGINS.', 'spilno');
            return [[self::BAD, 'not_listed', sprintf($said, $ours, $twin)]];
        }
        /* translators: 1: this site's origin, 2: the API's address */
        $said = __('Spilno does not open texts on %1$s itself: either it is not in SPILNO_SITE_ORIGINS, or it is on another domain than %2$s. Until then readers read on at %2$s.', 'spilno');
        return [[self::BAD, 'not_listed', sprintf($said, $ours, $api)]];
    }

    private static function of_stage(bool $live): array
    {
        $production = wp_get_environment_type() === 'production';
        if (!$live && $production) {
            return [[self::NOTE, 'test_mode', __('This Spilno is in test mode: no real payment is taken. Good for trying, not for readers.', 'spilno')]];
        }
        if ($live && !$production) {
            return [[self::NOTE, 'live_from_copy', __('This site calls itself a copy for trying (WP_ENVIRONMENT_TYPE), but is connected to the Spilno that readers use.', 'spilno')]];
        }
        return [];
    }
}
