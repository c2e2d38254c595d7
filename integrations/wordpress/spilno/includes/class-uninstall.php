<?php

namespace Spilno;

/**
 * What happens when the plugin is deleted: each text is one again, nothing that was closed becomes public, and
 * nothing of the plugin is left, here or at Spilno. Deactivating does nothing of this.
 */
final class Uninstall
{
    /** At once, so that no row waits for the next: a newsroom may have thousands. */
    const ROWS = 200;

    public static function everywhere(): void
    {
        if (function_exists('set_time_limit')) {
            @set_time_limit(0); // phpcs:ignore -- hosts forbid it, and then it takes as long as they allow
        }
        Activation::on_each_site(static function (): void {
            self::here();
        });
        delete_metadata('user', 0, Advice::DISMISSED, '', true);
    }

    private static function here(): void
    {
        self::join();
        self::leave_spilno();
        self::forget();
    }

    /** Rows are written as they are: no other plugin is told of a change, and no new date is given. */
    private static function join(): void
    {
        global $wpdb;
        $last = 0;
        do {
            $rows = $wpdb->get_results($wpdb->prepare(
                "SELECT * FROM $wpdb->posts WHERE ID > %d AND (" . Column::in_sql() . ' OR post_content LIKE %s)'
                . ' ORDER BY ID LIMIT %d',
                $last,
                '%spilno%kept%',
                self::ROWS
            ));
            foreach ($rows as $stored) {
                $last = (int) $stored->ID;
                self::join_row(Row::of(new \WP_Post($stored)));
            }
        } while ($rows !== [] && $rows !== null);
    }

    private static function join_row(Row $row): void
    {
        global $wpdb;
        $post = $row->post;
        $is_sealed = Column::is_sealed($post->post_content_filtered);
        if ($is_sealed && $row->rest() === null) {
            return; // Its key is lost. Whoever finds it again can still open it.
        }
        $changed = ['post_content' => Split::without_marks($row->whole())];
        if ($is_sealed) {
            $changed['post_content_filtered'] = '';
            if ($post->post_status === 'future') {
                $changed['post_status'] = 'draft';
            } elseif (Row::is_public($post->post_status)) {
                $changed['post_status'] = 'private';
            }
        }
        $wpdb->update($wpdb->posts, $changed, ['ID' => $post->ID]);
        clean_post_cache($post->ID);
    }

    /** Only what this site has put there itself, as Spilno knows it by its origin. */
    private static function leave_spilno(): void
    {
        $origin = (string) Options::get('origin');
        if (!Options::connected() || $origin === '') {
            return;
        }
        $after = '';
        do {
            $list = Api::call('GET', '/v1/articles?origin=' . rawurlencode($origin) . $after);
            foreach ((array) ($list->json['items'] ?? []) as $item) {
                $id = is_array($item) ? (string) ($item['id'] ?? '') : '';
                $gone = Api::call('DELETE', '/v1/articles/' . rawurlencode($id) . '?origin=' . rawurlencode($origin));
                if (!$gone->ok() && $gone->status !== 404) {
                    self::left_there($origin, $gone);
                    return;
                }
            }
            $next = $list->json['next'] ?? null;
            $after = is_string($next) ? '&after=' . rawurlencode($next) : '';
        } while ($after !== '');
        if (!$list->ok()) {
            self::left_there($origin, $list);
        }
    }

    private static function left_there(string $origin, Answer $answer): void
    {
        // The plugin is about to be gone, and with it every page that could say so.
        error_log("Spilno: articles of origin $origin are still at Spilno (status $answer->status)."); // phpcs:ignore
    }

    private static function forget(): void
    {
        global $wpdb;
        $sealed = Column::some_row_is_sealed();
        $names = $wpdb->get_col($wpdb->prepare(
            "SELECT option_name FROM $wpdb->options WHERE option_name LIKE %s OR option_name LIKE %s OR option_name LIKE %s",
            $wpdb->esc_like('spilno_') . '%',
            $wpdb->esc_like('_transient_spilno_') . '%',
            $wpdb->esc_like('_transient_timeout_spilno_') . '%'
        ));
        foreach ($names as $name) {
            if ($name !== Column::OPTION || !$sealed) {
                delete_option($name);
            }
        }
        $meta = $wpdb->get_col($wpdb->prepare(
            "SELECT DISTINCT meta_key FROM $wpdb->postmeta WHERE meta_key LIKE %s",
            $wpdb->esc_like('_spilno') . '%'
        ));
        array_map('delete_post_meta_by_key', $meta);
        foreach ((array) _get_cron_array() as $hooks) {
            foreach (array_keys((array) $hooks) as $hook) {
                if (strpos((string) $hook, 'spilno_') === 0) {
                    wp_unschedule_hook($hook);
                }
            }
        }
    }
}
