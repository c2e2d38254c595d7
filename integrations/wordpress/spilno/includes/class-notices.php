<?php

namespace Spilno;

/** What an editor is told of a post that is not as it should be. */
final class Notices
{
    public static function hooks(): void
    {
        add_action('admin_notices', [self::class, 'on_the_screen']);
        add_filter('display_post_states', [self::class, 'in_the_list'], 10, 2);
    }

    /** A sentence; empty where nothing is wrong. */
    public static function of(int $post_id): string
    {
        $row = Row::number($post_id);
        if ($row === null || !Row::takes($row->post->post_type)) {
            return '';
        }
        if ($row->mark !== null && $row->rest() === null) {
            return __('The part for supporters is missing: this post is a copy of one that you may not edit, or the key of the closed parts is lost.', 'spilno');
        }
        $line = Divider::in($row->post->post_content, false);
        if ($line !== null && $line->access !== 'open') {
            $refused = Refusal::of_row($row->post->post_content_filtered, $post_id);
            if ($refused !== '') {
                return $refused;
            }
            if ($row->overdue() !== null) {
                $state = State::of($post_id);
                $state->code = 'waiting';
                return self::of_code($state);
            }
            return self::nothing_below();
        }
        $rule = $row->mark === null ? Rules::of_post($post_id) : null;
        if ($rule !== null && Split::cut($row->post->post_content, $rule) !== null) {
            return Refusal::of_row($row->post->post_content_filtered, $post_id);
        }
        return self::of_state($row);
    }

    public static function nothing_below(): string
    {
        return __('There is no text below the line, so the post is open to everybody.', 'spilno');
    }

    private static function of_state(Row $row): string
    {
        if (!Push::belongs_there($row)) {
            return '';
        }
        $missing = Options::trouble();
        if ($missing !== '') {
            $said = Connection::sentence($missing);
            return $missing === 'copy' ? $said : __('Readers see the beginning only.', 'spilno') . ' ' . $said;
        }
        $state = State::of($row->post->ID);
        if ($state->code === '') {
            return '';
        }
        $sentence = self::of_code($state);
        return $state->is_sent() ? $sentence . ' ' . __('Readers get the text as it was before.', 'spilno') : $sentence;
    }

    private static function of_code(State $state): string
    {
        switch ($state->code) {
            case 'unreachable':
            case 'waiting':
                return __('Spilno does not have this text yet. It will be sent again by itself.', 'spilno');
            case 'other_origin':
                return __('Another site has already sent articles with these ids. Choose another prefix in the settings of Spilno.', 'spilno');
            case 'body_too_large':
                return __('This text is too large for Spilno: 350 KB is the most. Shorten it, or make two posts of it.', 'spilno');
            case 'teaser_too_large':
                return __('What stands above the line is too large: 20 KB is the most. Move the line up.', 'spilno');
        }
        if (in_array($state->code, ['unknown_key', 'unauthorized'], true)) {
            return __('Spilno does not accept the key. Check the settings of Spilno.', 'spilno');
        }
        /* translators: %s: a sentence of Spilno's, or an HTTP status such as 502 */
        $said = __('Spilno did not take this text: %s', 'spilno');
        return sprintf($said, $state->title !== '' ? $state->title : str_replace('status_', '', $state->code));
    }

    public static function on_the_screen(): void
    {
        $screen = get_current_screen();
        $post = $GLOBALS['post'] ?? null;
        // The block editor says it by itself.
        if ($screen === null || $screen->base !== 'post' || $screen->is_block_editor() || !$post instanceof \WP_Post) {
            return;
        }
        $trouble = self::of($post->ID);
        if ($trouble !== '') {
            printf('<div class="notice notice-warning"><p>%s</p></div>', esc_html($trouble));
        }
    }

    /**
     * @param mixed $states
     * @return array<string, string>
     */
    public static function in_the_list($states, \WP_Post $post): array
    {
        $states = (array) $states;
        if (Row::of($post)->mark !== null) {
            $states['spilno'] = __('For supporters', 'spilno');
        }
        $trouble = self::of($post->ID);
        if ($trouble !== '') {
            $states['spilno-trouble'] = esc_html__('Spilno: please check', 'spilno');
            $screen = function_exists('get_current_screen') ? get_current_screen() : null;
            if ($screen !== null && $screen->base === 'edit') {
                // Elsewhere, as in lists of menus, no HTML is expected.
                $states['spilno-trouble'] .= sprintf('<br><span style="font-weight: 400">%s</span>', esc_html($trouble));
            }
        }
        return $states;
    }
}
