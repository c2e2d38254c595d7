<?php

namespace Spilno;

/** Texts that cannot be cut in two: they are not published, and their editor reads why. */
final class Refusal
{
    const META = '_spilno_refused';

    /** Why a text cannot be stored in this post's row; empty where it can. */
    public static function of(int $post_id, string $text): string
    {
        $row = Row::number($post_id);
        $column = $row === null ? '' : $row->post->post_content_filtered;
        return Divider::in($text) === null ? '' : self::of_row($column);
    }

    /** Reusable blocks, patterns, templates: what stands there is shown on many pages, and each of them would have a line. */
    public static function of_other_type(string $text): string
    {
        if (Divider::in($text) === null) {
            return '';
        }
        return __('The line for supporters belongs into a post, not into a reusable block or a template.', 'spilno');
    }

    /** What stands in the column of the rest, and whether it can be sealed. */
    public static function of_row(string $column): string
    {
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

    public static function remember(int $post_id, string $why): void
    {
        if ($post_id > 0) {
            update_post_meta($post_id, self::META, wp_slash($why));
        }
    }

    private static function markdown(): bool
    {
        $class = 'WPCom_Markdown';
        return class_exists($class) && $class::get_instance()->is_posting_enabled();
    }
}
