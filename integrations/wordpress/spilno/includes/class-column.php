<?php

namespace Spilno;

/**
 * What stands in the row's `post_content_filtered`: the rest, sealed.
 *
 * WordPress shows that column nowhere. Plugins that dump whole rows, a search over all columns or a hand-made "load
 * more" might; what they find is unreadable. The same text always gives the same letters, so that WordPress, which
 * compares columns to find what has changed, finds no change where there is none.
 */
final class Column
{
    const OPTION = 'spilno_column_key';
    const BEGINS = 'spilno1.';

    public static function seal(string $rest): ?string
    {
        $key = self::key();
        if ($key === null) {
            return null;
        }
        $nonce = substr(hash_hmac('sha256', $rest, $key . 'nonce', true), 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES);
        return self::BEGINS . self::name($key) . '.' . base64_encode($nonce . sodium_crypto_secretbox($rest, $nonce, $key));
    }

    /** The rest; null where there is none, where it is somebody else's text, or the key is lost. */
    public static function open(string $column): ?string
    {
        $key = self::is_sealed($column) ? self::key() : null;
        if ($key === null) {
            return null;
        }
        [, $name, $letters] = array_pad(explode('.', $column, 3), 3, '');
        $box = base64_decode($letters, true);
        if ($name !== self::name($key) || $box === false || strlen($box) < SODIUM_CRYPTO_SECRETBOX_NONCEBYTES) {
            return null;
        }
        $nonce = substr($box, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES);
        $rest = sodium_crypto_secretbox_open(substr($box, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES), $nonce, $key);
        return $rest === false ? null : $rest;
    }

    public static function is_sealed(string $column): bool
    {
        return strncmp($column, self::BEGINS, strlen(self::BEGINS)) === 0;
    }

    /** The condition for rows of the table of posts that have a rest. */
    public static function in_sql(): string
    {
        global $wpdb;
        return $wpdb->prepare('post_content_filtered LIKE %s', $wpdb->esc_like(self::BEGINS) . '%');
    }

    public static function some_row_is_sealed(): bool
    {
        global $wpdb;
        return (bool) $wpdb->get_var("SELECT 1 FROM $wpdb->posts WHERE " . self::in_sql() . ' LIMIT 1');
    }

    /** Drawn once. Never anew while there are texts that only the old one opens. */
    private static function key(): ?string
    {
        $key = base64_decode((string) get_option(self::OPTION, ''), true);
        if ($key !== false && strlen($key) === SODIUM_CRYPTO_SECRETBOX_KEYBYTES) {
            return $key;
        }
        if (self::some_row_is_sealed()) {
            return null;
        }
        $key = random_bytes(SODIUM_CRYPTO_SECRETBOX_KEYBYTES);
        // Whoever came first wins: add_option() would write over the key of a call that came at the same moment.
        global $wpdb;
        $insert = "INSERT IGNORE INTO $wpdb->options (option_name, option_value, autoload) VALUES (%s, %s, 'yes')";
        $wpdb->query($wpdb->prepare($insert, self::OPTION, base64_encode($key)));
        foreach (['alloptions', 'notoptions', self::OPTION] as $kept) {
            wp_cache_delete($kept, 'options');
        }
        $stored = base64_decode((string) get_option(self::OPTION, ''), true);
        return $stored !== false && strlen($stored) === SODIUM_CRYPTO_SECRETBOX_KEYBYTES ? $stored : null;
    }

    private static function name(string $key): string
    {
        return substr(hash('sha256', $key), 0, 8);
    }
}
