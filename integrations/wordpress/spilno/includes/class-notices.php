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
            return __('There is no text below the line, so the post is open to everybody.', 'spilno');
        }
        $rule = $row->mark === null ? Rules::of_post($post_id) : null;
        if ($rule !== null && Split::cut($row->post->post_content, $rule) !== null) {
            return Refusal::of_row($row->post->post_content_filtered, $post_id);
        }
        return self::of_state($row);
    }

    private static function of_state(Row $row): string
    {
        if (!Push::belongs_there($row)) {
            return '';
        }
        if (Options::is_a_copy()) {
            return __('Nothing is sent from here: the site has another address than when Spilno was set up. If it has moved, save the settings of Spilno once more; if this is a copy for trying, leave them.', 'spilno');
        }
        if (!Options::connected()) {
            return __('Readers see the beginning only: Spilno’s address or key is not set.', 'spilno');
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
                return __('Another site has put articles with these ids. Choose another prefix in the settings of Spilno.', 'spilno');
            case 'body_too_large':
                return __('This text is too large for Spilno: 350 KB is the most. Shorten it, or make two posts of it.', 'spilno');
            case 'teaser_too_large':
                return __('What stands above the line is too large: 20 KB is the most. Move the line up.', 'spilno');
        }
        if (in_array($state->code, ['unknown_key', 'unauthorized'], true)) {
            return __('Spilno does not take the key. Look at the settings of Spilno.', 'spilno');
        }
        /* translators: %s: a sentence of Spilno's */
        return sprintf(__('Spilno did not take this text: %s', 'spilno'), $state->title);
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
        if (self::of($post->ID) !== '') {
            $states['spilno-trouble'] = __('Spilno: look at it', 'spilno');
        }
        return $states;
    }
}
