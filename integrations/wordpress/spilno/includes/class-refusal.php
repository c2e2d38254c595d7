<?php

namespace Spilno;

/** Texts that cannot be cut in two: they are not published, and their editor reads why. */
final class Refusal
{
    /** Why a text cannot be stored in this post's row; empty where it can. */
    public static function of(int $post_id, string $text): string
    {
        $row = Row::number($post_id);
        $column = $row === null ? '' : $row->post->post_content_filtered;
        return Divider::in($text) === null ? '' : self::of_row($column, $post_id);
    }

    /** Reusable blocks, patterns, templates: what stands there is shown on many pages, and each of them would have a line. */
    public static function of_other_type(string $text): string
    {
        if (Divider::in($text) === null) {
            return '';
        }
        return __('The line for supporters belongs in a post, not in a reusable block or a template.', 'spilno');
    }

    /** What stands in the column of the rest, and whether it can be sealed. */
    public static function of_row(string $column, int $post_id): string
    {
        if (self::is_built($post_id)) {
            return __('A page builder keeps the text of this post in a place of its own, where the line for supporters does not reach. Write it in the editor of WordPress.', 'spilno');
        }
        if ($column !== '' && !Column::is_sealed($column)) {
            return __('Another plugin keeps a text of its own beside this post (Markdown of Jetpack does). Switch that off to use the line for supporters.', 'spilno');
        }
        if (self::markdown()) {
            return __('Markdown of Jetpack keeps the whole text where everybody’s part is. Switch it off to use the line for supporters.', 'spilno');
        }
        if (Column::seal('') === null) {
            return __('The key of the closed parts is lost. Bring the option spilno_column_key back from a backup of the database.', 'spilno');
        }
        return '';
    }

    /** Builders that show what they store in a post's meta, and not the post's text. */
    private static function is_built(int $post_id): bool
    {
        $builders = ['_elementor_edit_mode', '_fl_builder_enabled', '_bricks_page_content_2', 'ct_builder_json',
            'ct_builder_shortcodes', 'panels_data', 'brizy_post_uid'];
        foreach ($post_id > 0 ? $builders : [] as $name) {
            if (get_post_meta($post_id, $name, true)) {
                return true;
            }
        }
        return false;
    }

    private static function markdown(): bool
    {
        $class = 'WPCom_Markdown';
        return class_exists($class) && $class::get_instance()->is_posting_enabled();
    }
}
