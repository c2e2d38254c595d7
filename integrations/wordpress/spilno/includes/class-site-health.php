<?php

namespace Spilno;

/** Tools → Site Health: whether Spilno and this site get on, and what to tell whoever is asked for advice. */
final class Site_Health
{
    const TEST = 'spilno_connection';

    public static function hooks(): void
    {
        add_filter('site_status_tests', [self::class, 'tests']);
        add_filter('debug_information', [self::class, 'information']);
        add_action('rest_api_init', static function (): void {
            register_rest_route('spilno/v1', '/health', [
                'methods' => 'GET',
                'callback' => [self::class, 'result'],
                'permission_callback' => static function (): bool {
                    return current_user_can('view_site_health_checks');
                },
            ]);
        });
    }

    /**
     * @param array<string, array<string, mixed>> $tests
     * @return array<string, array<string, mixed>>
     */
    public static function tests($tests): array
    {
        // Asks another server, so it runs beside the page, not before it.
        $tests['async'][self::TEST] = [
            'label' => __('Spilno', 'spilno'),
            'test' => rest_url('spilno/v1/health'),
            'has_rest' => true,
            'async_direct_test' => [self::class, 'result'],
        ];
        return $tests;
    }

    /** @return array<string, mixed> */
    public static function result(): array
    {
        $found = Connection::gravest_first(array_merge(Connection::check(), Left_Over::found(), self::overdue()));
        $labels = [
            Connection::GOOD => __('This site is connected to Spilno', 'spilno'),
            Connection::NOTE => __('Spilno is connected, but there is something to check', 'spilno'),
            Connection::BAD => __('This site is not connected to Spilno', 'spilno'),
        ];
        $said = '';
        foreach ($found as [, , $sentence]) {
            $said .= '<p>' . esc_html($sentence) . '</p>';
        }
        $settings = '<p><a href="%s">%s</a></p>';
        return [
            'label' => $labels[$found[0][0]],
            'status' => $found[0][0],
            'badge' => ['label' => __('Spilno', 'spilno'), 'color' => 'blue'],
            'description' => $said,
            'actions' => sprintf($settings, esc_url(Settings::address()), esc_html__('Settings of Spilno', 'spilno')),
            'test' => self::TEST,
        ];
    }

    /**
     * @param array<string, array<string, mixed>> $information
     * @return array<string, array<string, mixed>>
     */
    public static function information($information): array
    {
        $key = Api_Key::is_from_config()
            ? __('in wp-config.php', 'spilno')
            : (Options::get('key') === '' ? __('none', 'spilno') : __('stored', 'spilno'));
        $fields = [
            'version' => [__('Version', 'spilno'), SPILNO_VERSION],
            'api' => [__('Address of your Spilno', 'spilno'), (string) Options::get('api')],
            'key' => [__('Key for the CMS', 'spilno'), $key],
            'site' => [__('Origin of this site', 'spilno'), Connection::origin()],
            'origin' => [__('This site’s name at Spilno', 'spilno'), (string) Options::get('origin')],
            'prefix' => [__('Prefix of articles', 'spilno'), Options::id_prefix()],
            'compared' => [__('Last comparison', 'spilno'), self::compared()],
            'categories' => [__('Categories for supporters', 'spilno'), (string) count((array) Options::get('category_rules'))],
        ];
        $information['spilno'] = [
            'label' => __('Spilno', 'spilno'),
            'fields' => array_map(static function (array $field): array {
                return ['label' => $field[0], 'value' => $field[1]];
            }, $fields),
        ];
        return $information;
    }

    /**
     * Where WP-Cron does not run, nothing that failed is ever tried again, and nothing says so.
     *
     * @return array<int, array{0: string, 1: string, 2: string}> as Connection::check() has it
     */
    private static function overdue(): array
    {
        $next = wp_next_scheduled(Reconcile::DAILY);
        return $next === false || $next > time() - DAY_IN_SECONDS ? [] : [[Connection::NOTE, 'no_cron', __(
            'Planned tasks of WordPress do not run on this site, so what could not be sent is not sent again. With DISABLE_WP_CRON your server must call wp-cron.php itself.',
            'spilno'
        )]];
    }

    /** When, and what came of it; times are UTC. */
    private static function compared(): string
    {
        $last = Reconcile::last();
        return $last['at'] === 0
            ? __('none', 'spilno')
            : trim(gmdate('Y-m-d H:i', $last['at']) . " UTC, +{$last['sent']}, -{$last['removed']} {$last['problem']}");
    }
}
