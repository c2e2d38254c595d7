<?php

namespace Spilno;

/** Settings → Spilno: what may be stored, and how what people type becomes it. */
final class Settings
{
    const PAGE = 'spilno';
    const GROUP = 'spilno';

    const COMMENTS = ['public', 'hidden'];

    public static function hooks(): void
    {
        add_action('admin_menu', static function (): void {
            $title = __('Spilno', 'spilno');
            $page = add_options_page($title, $title, self::capability(), self::PAGE, [Settings_Page::class, 'show']);
            add_action("load-$page", static function (): void {
                wp_enqueue_style('spilno-settings', plugins_url('assets/settings.css', SPILNO_FILE), [], SPILNO_VERSION);
            });
        });
        add_action('admin_init', [self::class, 'register']);
        add_filter('option_page_capability_' . self::GROUP, [self::class, 'capability']);
        add_action('update_option_' . Options::NAME, static function (): void {
            delete_transient(Newsroom::KEPT);
        });
        add_filter('plugin_action_links_' . plugin_basename(SPILNO_FILE), static function (array $links): array {
            $link = '<a href="%s">%s</a>';
            return ['settings' => sprintf($link, esc_url(self::address()), esc_html__('Settings', 'spilno'))] + $links;
        });
    }

    /** Spilno's script runs on every page of a site. In a network only who may install plugins says whose it is. */
    public static function capability(): string
    {
        return is_multisite() ? 'manage_network_options' : 'manage_options';
    }

    /** Whether a form of the settings' page was sent from there, by somebody who may; else this ends the call. */
    public static function check(string $action): void
    {
        check_admin_referer($action);
        if (!current_user_can(self::capability())) {
            wp_die(esc_html__('You may not do this.', 'spilno'), '', ['response' => 403]);
        }
    }

    public static function address(): string
    {
        return admin_url('options-general.php?page=' . self::PAGE);
    }

    public static function register(): void
    {
        // Made here, as WordPress itself would have it loaded with every page.
        if (in_array($GLOBALS['pagenow'] ?? '', ['options.php', 'options-general.php'], true)) {
            add_option(Options::KEY, [], '', 'no');
        }
        register_setting(self::GROUP, Options::NAME, ['sanitize_callback' => [self::class, 'settings']]);
        register_setting(self::GROUP, Options::KEY, ['sanitize_callback' => [self::class, 'key']]);
    }

    /**
     * What is stored of what is given. WordPress calls this for every change of the option, whoever makes it, and twice
     * when it is stored for the first time. Only what this plugin has made itself passes as it is; all else is looked
     * at field by field, and what it does not say stays.
     *
     * @param mixed $given
     */
    public static function settings($given): array
    {
        if (Options::is_own(Options::NAME, $given)) {
            return $given;
        }
        $given = is_array($given) ? $given : [];
        $stored = get_option(Options::NAME, []);
        $settings = array_intersect_key(is_array($stored) ? $stored : [], Options::DEFAULTS);
        foreach (['api', 'prefix', 'wall_classes', 'comments'] as $name) {
            if (is_string($given[$name] ?? null)) {
                $settings[$name] = self::$name(trim($given[$name]));
            }
        }
        // The form itself: other code that changes a value does not know whether this is the site or a copy of it.
        if (isset($given['form'])) {
            $settings['home'] = Options::home();
            $settings['category_rules'] = self::rules(is_array($given['rules'] ?? null) ? $given['rules'] : []);
            if (($settings['origin'] ?? '') === '') {
                $settings['origin'] = Options::new_origin();
            }
        }
        return Options::own(Options::NAME, $settings);
    }

    /**
     * The key: a new one, none, or the one that is there. An empty field says nothing, since the page never shows it.
     *
     * @param mixed $given
     */
    public static function key($given): array
    {
        if (Options::is_own(Options::KEY, $given)) {
            return $given;
        }
        $given = is_array($given) ? $given : [];
        if (!empty($given['forget'])) {
            return Options::own(Options::KEY, []);
        }
        $new = is_string($given['new'] ?? null) ? trim($given['new']) : '';
        $stored = (array) get_option(Options::KEY, []);
        if ($new === '') {
            return $stored;
        }
        if (!preg_match('/^[\x21-\x7e]{8,200}$/D', $new)) {
            self::refuse('key', __('This is not a key: a key has only Latin letters, digits and signs, and no spaces. The key was not changed.', 'spilno'));
            return $stored;
        }
        return Options::own(Options::KEY, ['key' => $new]);
    }

    /** The address as people paste it: without a scheme, with a slash or a page of Spilno's at the end. */
    private static function api(string $typed): string
    {
        if ($typed === '') {
            return '';
        }
        $address = preg_match('#^[a-z][a-z0-9+.-]*:#i', $typed) && !preg_match('#^[^/]+:\d+(/|$)#', $typed)
            ? $typed
            : 'https://' . ltrim($typed, '/');
        $parts = wp_parse_url(esc_url_raw($address, ['https', 'http']));
        if (!is_array($parts) || empty($parts['host']) || isset($parts['user']) || preg_match('/[\s<>"\'\\\\]/', $typed)) {
            self::refuse('api', __('The address of Spilno must look like https://support.news.example. It was not changed.', 'spilno'));
            return (string) Options::get('api');
        }
        $path = preg_replace('#/(widget\.js|donate|account|sign-in|v1(/.*)?|read(/.*)?)?/*$#', '', $parts['path'] ?? '');
        $port = isset($parts['port']) ? ":{$parts['port']}" : '';
        return untrailingslashit(strtolower("{$parts['scheme']}://{$parts['host']}") . $port . $path);
    }

    private static function prefix(string $typed): string
    {
        if (preg_match('/^[a-z][a-z0-9-]{0,19}$/D', strtolower($typed))) {
            return strtolower($typed);
        }
        self::refuse('prefix', __('The prefix has Latin letters, digits and dashes, and begins with a letter. It was not changed.', 'spilno'));
        return (string) Options::get('prefix');
    }

    private static function wall_classes(string $typed): string
    {
        $names = array_map('sanitize_html_class', (array) preg_split('/[\s.,]+/', $typed));
        return implode(' ', array_unique(array_filter($names)));
    }

    private static function comments(string $typed): string
    {
        return in_array($typed, self::COMMENTS, true) ? $typed : 'public';
    }

    /**
     * The table of categories; one row of it is empty, for a new one.
     *
     * @param array<mixed> $rows
     */
    private static function rules(array $rows): array
    {
        $rules = [];
        foreach ($rows as $row) {
            $category = is_array($row) ? absint($row['category'] ?? 0) : 0;
            if ($category === 0 || !empty($row['remove']) || !term_exists($category, 'category')) {
                continue;
            }
            $access = is_string($row['access'] ?? null) ? trim($row['access']) : '';
            $rules[$category] = [
                'access' => $access === 'open' ? 'members' : Divider::access($access),
                'paragraphs' => min(50, max(1, absint($row['paragraphs'] ?? 2))),
                'at_more' => !empty($row['at_more']),
            ];
        }
        return $rules;
    }

    private static function refuse(string $code, string $sentence): void
    {
        add_settings_error(self::PAGE, "spilno_$code", $sentence);
    }
}
