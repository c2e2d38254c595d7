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
     * What is stored of the form. WordPress calls this for every change of the option, whoever makes it, and twice
     * when it is stored for the first time: what does not come from the form passes as it is.
     *
     * @param mixed $given
     */
    public static function settings($given): array
    {
        $given = is_array($given) ? $given : [];
        if (!isset($given['form'])) {
            return array_intersect_key($given, Options::DEFAULTS);
        }
        $stored = get_option(Options::NAME, []);
        $stored = is_array($stored) ? $stored : [];
        $text = static function (string $name) use ($given): string {
            return is_string($given[$name] ?? null) ? trim($given[$name]) : '';
        };
        return array_merge(array_intersect_key($stored, Options::DEFAULTS), [
            'api' => self::api($text('api')),
            'home' => Options::home(),
            'prefix' => self::prefix($text('prefix')),
            'wall_classes' => self::classes($text('wall_classes')),
            'comments' => in_array($text('comments'), self::COMMENTS, true) ? $text('comments') : 'public',
            'category_rules' => self::rules(is_array($given['rules'] ?? null) ? $given['rules'] : []),
        ]);
    }

    /**
     * The key: a new one, none, or the one that is there. An empty field says nothing, since the page never shows it.
     *
     * @param mixed $given
     */
    public static function key($given): array
    {
        $given = is_array($given) ? $given : [];
        if (isset($given['key'])) {
            return ['key' => (string) $given['key']];
        }
        if (!empty($given['forget'])) {
            return [];
        }
        $new = is_string($given['new'] ?? null) ? trim($given['new']) : '';
        $stored = (array) get_option(Options::KEY, []);
        if ($new === '') {
            return $stored;
        }
        if (!preg_match('/^[\x21-\x7e]{8,200}$/D', $new)) {
            self::refuse('key', __('This is no key: one has only Latin letters, digits and signs, without spaces. The key was not changed.', 'spilno'));
            return $stored;
        }
        return ['key' => $new];
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

    private static function classes(string $typed): string
    {
        $names = array_map('sanitize_html_class', (array) preg_split('/[\s.,]+/', $typed));
        return implode(' ', array_unique(array_filter($names)));
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
