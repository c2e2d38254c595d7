<?php

namespace Spilno;

use WP_Post;

/** The line in the editors: a block in the one, a button in the other. */
final class Line_Block
{
    public static function hooks(): void
    {
        add_action('init', [self::class, 'register']);
        add_action('enqueue_block_editor_assets', [self::class, 'words']);
        add_action('media_buttons', [self::class, 'button'], 20);
        add_shortcode('spilno', '__return_empty_string');
        add_action('rest_api_init', [self::class, 'field']);
    }

    public static function register(): void
    {
        $needs = ['wp-blocks', 'wp-block-editor', 'wp-components', 'wp-data', 'wp-element', 'wp-plugins', 'wp-notices'];
        wp_register_script('spilno-line', plugins_url('assets/line.js', SPILNO_FILE), $needs, SPILNO_VERSION, true);
        wp_register_style('spilno-line', plugins_url('assets/line.css', SPILNO_FILE), [], SPILNO_VERSION);
        register_block_type(Divider::BLOCK, [
            'api_version' => 2,
            'title' => __('For supporters', 'spilno'),
            'category' => 'design',
            'attributes' => [
                'access' => ['type' => 'string', 'default' => Divider::AT_FIRST],
                'kept' => ['type' => 'number'],
                'of' => ['type' => 'string'],
                'by' => ['type' => 'string'],
            ],
            'editor_script' => 'spilno-line',
            'editor_style' => 'spilno-line',
            'render_callback' => '__return_empty_string',
        ]);
    }

    /** The script asks for no translations of its own: it is told the words. */
    public static function words(): void
    {
        $screen = get_current_screen();
        if ($screen !== null && $screen->base === 'post') {
            // The panel is for posts; WordPress complains of this beside its editor of widgets.
            wp_scripts()->registered['spilno-line']->deps[] = 'wp-edit-post';
        }
        wp_localize_script('spilno-line', 'spilnoLine', ['choices' => self::choices(), 'access' => Divider::AT_FIRST, 'words' => [
            'title' => __('For supporters', 'spilno'),
            'about' => __('What stands below this line is read by those who support you.', 'spilno'),
            'line' => __('Below: for supporters', 'spilno'),
            'who' => __('Who reads the rest', 'spilno'),
            'add' => __('Close the rest for supporters', 'spilno'),
            'none' => __('Everybody reads the whole post.', 'spilno'),
            'rule' => __('Posts of this category are for supporters. Put the line where you want it; otherwise the rule decides.', 'spilno'),
            'nothing' => Notices::nothing_below(),
            'lost' => __('The text below this line belongs to another post or cannot be opened. It is not shown to anybody.', 'spilno'),
            'sent' => __('Spilno has this text.', 'spilno'),
        ]]);
    }

    /** @return list<array{value: string, label: string}> */
    public static function choices(): array
    {
        $choices = [
            ['value' => 'members', 'label' => __('Everybody who supports us', 'spilno')],
            ['value' => 'metered', 'label' => __('Everybody, but only a few a month', 'spilno')],
        ];
        foreach (Newsroom::tiers() as $name => $title) {
            /* translators: %s: the name of a level of support */
            $choices[] = ['value' => "tier:$name", 'label' => sprintf(__('From the level “%s” up', 'spilno'), $title)];
        }
        $choices[] = ['value' => 'open', 'label' => __('Everybody (the line does nothing)', 'spilno')];
        return $choices;
    }

    /** Above the classic editor; works in both of its tabs. */
    public static function button(string $editor_id): void
    {
        if ($editor_id !== 'content') {
            return;
        }
        $line = sprintf('[spilno access="%s"]', Divider::AT_FIRST);
        printf(
            '<button type="button" class="button" id="spilno-line" onclick="%s">%s</button>',
            esc_attr('send_to_editor(' . wp_json_encode("\n\n$line\n\n") . ')'),
            esc_html__('Line: below for supporters', 'spilno')
        );
    }

    /** How the post stands with Spilno, for the editor's panel. */
    public static function field(): void
    {
        foreach (get_post_types(['show_in_rest' => true]) as $type) {
            if (Row::takes($type)) {
                register_rest_field($type, 'spilno', [
                    'get_callback' => [self::class, 'of'],
                    'schema' => ['type' => 'object', 'context' => ['edit'], 'readonly' => true],
                ]);
            }
        }
    }

    /**
     * @param array<string, mixed> $data
     * @return array<string, mixed>|null
     */
    public static function of(array $data): ?array
    {
        $post = get_post((int) $data['id']);
        if (!$post instanceof WP_Post || !current_user_can('edit_post', $post->ID)) {
            return null;
        }
        $state = State::of($post->ID);
        return [
            'article' => Options::article_id($post->ID),
            'sent' => $state->is_sent(),
            'trouble' => Notices::of($post->ID),
            'rule' => Rules::of_post($post->ID) !== null,
        ];
    }
}
