<?php

namespace Spilno;

/** What a site has from the start: Spilno's name for it, drawn before any reader comes. */
final class Activation
{
    public static function hooks(): void
    {
        register_activation_hook(SPILNO_FILE, [self::class, 'activated']);
        // WordPress makes the new site's tables and options at 10.
        add_action('wp_initialize_site', [self::class, 'new_site'], 200);
    }

    /** @param mixed $everywhere whether for all sites of a network */
    public static function activated($everywhere = false): void
    {
        if (!$everywhere) {
            Options::draw_origin();
        } elseif (!wp_is_large_network()) {
            // In one of ten thousand sites each draws when it first sends something.
            self::on_each_site([Options::class, 'draw_origin']);
        }
    }

    /** A site that is made later; where the plugin is for some sites alone, it may never be for this one. */
    public static function new_site(\WP_Site $site): void
    {
        $everywhere = (array) get_site_option('active_sitewide_plugins', []);
        if (isset($everywhere[plugin_basename(SPILNO_FILE)])) {
            self::on_site((int) $site->blog_id, [Options::class, 'draw_origin']);
        }
    }

    /** Without a network there is one. */
    public static function on_each_site(callable $do): void
    {
        if (!is_multisite()) {
            $do();
            return;
        }
        // 0: all of them. Left out, WordPress answers the first hundred.
        foreach (get_sites(['fields' => 'ids', 'number' => 0]) as $site) {
            self::on_site((int) $site, $do);
        }
    }

    private static function on_site(int $site, callable $do): void
    {
        switch_to_blog($site);
        try {
            $do();
        } finally {
            restore_current_blog();
        }
    }
}
