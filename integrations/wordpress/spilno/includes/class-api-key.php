<?php

namespace Spilno;

/** The key of the CMS: where it comes from, and to which addresses it may go. */
final class Api_Key
{
    /** Of wp-config.php; goes before what is stored. */
    const CONSTANT = 'SPILNO_CMS_KEY';

    /** This site's key; empty where there is none. */
    public static function get(): string
    {
        $stored = self::is_from_config() ? ['key' => constant(self::CONSTANT)] : get_option(Options::KEY, []);
        return is_array($stored) ? (string) ($stored['key'] ?? '') : '';
    }

    /**
     * Whether the constant is this site's key. In a network it is one for all sites, and what a site stored as its
     * address may be older than the network's say in it: the constant goes to the main site's address and to no other.
     */
    public static function is_from_config(): bool
    {
        if (!defined(self::CONSTANT) || !is_multisite() || is_main_site()) {
            return defined(self::CONSTANT);
        }
        $networks = get_blog_option(get_main_site_id(), Options::NAME, []);
        $address = is_array($networks) ? untrailingslashit((string) ($networks['api'] ?? '')) : '';
        return $address !== '' && in_array(Options::get('api'), ['', $address], true);
    }

    /** Whether nobody on the way can read it: by https, or within this machine. */
    public static function may_go_to(string $api): bool
    {
        $parts = wp_parse_url($api);
        $scheme = strtolower((string) ($parts['scheme'] ?? ''));
        $host = strtolower(trim((string) ($parts['host'] ?? ''), '[]'));
        return $scheme === 'https'
            || ($scheme === 'http' && preg_match('/^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|::1)$/D', $host) === 1);
    }
}
