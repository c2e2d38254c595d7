<?php

namespace Spilno;

use WP_Post;

/** What a reader's page has in the place of a text: its beginning, inside of a wall that opens to who supports. */
final class Wall
{
    /** Before any filter of WordPress's own, and after the last of them: sharing buttons and adverts stand outside. */
    const FIRST = -1000;
    const LAST = 12;

    /** @var list<array{0: string, 1: ?Row}> what each text in work becomes; one may stand inside of another */
    private static array $in_work = [];

    public static function hooks(): void
    {
        add_filter('the_content', [self::class, 'begin'], self::FIRST);
        add_filter('the_content', [self::class, 'end'], self::LAST);
        add_filter('content_pagination', [self::class, 'pages'], self::FIRST, 2);
        add_filter('render_block_core/latest-posts', [self::class, 'latest']);
        // Before WordPress looks which blocks the page has, to print the theme's rules for those alone.
        add_action('wp_enqueue_scripts', [self::class, 'assets'], 1);
    }

    /**
     * The mark goes, and what is below it: in a row of ours there is nothing.
     *
     * @param mixed $text other plugins' filters give back what they like
     */
    public static function begin($text): string
    {
        $text = (string) $text;
        $mark = Divider::in($text, true);
        if ($mark === null) {
            return self::unmarked($text);
        }
        $row = Row::number($mark->kept_by(Options::origin()) ?? (int) get_the_ID());
        if ($row !== null && Own_View::is_of($row->post)) {
            self::$in_work[] = ['own', $row];
            return Split::without_marks(Own_View::whole($row, $text), true);
        }
        $before = Split::without_marks(Split::open_part($text), true);
        // An excerpt is made of this text, too, and cut by words.
        $kind = doing_filter('get_the_excerpt') ? 'plain' : (self::is_the_page_of($row) ? 'wall' : 'list');
        self::$in_work[] = [$row === null ? 'plain' : $kind, $row];
        return $before;
    }

    /** A text in which nothing was taken out. One with a line was stored while nobody cut it: its beginning alone. */
    private static function unmarked(string $text): string
    {
        $shown = Split::open_part($text);
        $line = $shown === $text ? null : Divider::in($text);
        $row = $line === null ? null : Row::number((int) get_the_ID());
        // Themes add to the end of a text: links to its pages.
        $is_its = $row !== null && strpos($row->post->post_content, substr($text, 0, $line->to)) !== false;
        if ($is_its) {
            Cut_Again::plan($row);
        }
        if ($is_its && Own_View::is_of($row->post)) {
            self::$in_work[] = ['own', $row];
            return Split::without_marks($text, true);
        }
        self::$in_work[] = ['plain', null];
        return Split::without_marks($shown, true);
    }

    /**
     * The same for a text of several pages, of which those behind the line have none in them, and for excerpts, from
     * which WordPress takes the line before anybody sees it.
     *
     * @param mixed $pages
     * @param mixed $post
     * @return mixed
     */
    public static function pages($pages, $post)
    {
        $row = $post instanceof WP_Post ? Row::of($post) : null;
        if ($row === null || $row->shown() === $post->post_content) {
            return $pages;
        }
        Cut_Again::plan($row);
        if (Own_View::is_of($post)) {
            return $pages;
        }
        $shown = clone $post;
        $shown->post_content = $row->shown();
        return generate_postdata($shown)['pages'];
    }

    /**
     * WordPress's own block of latest posts prints whole rows without asking anybody.
     *
     * @param mixed $html
     */
    public static function latest($html): string
    {
        $begins = '<div class="wp-block-latest-posts__post-full-content">';
        $parts = explode($begins, (string) $html);
        foreach ($parts as $number => $part) {
            $end = strrpos($part, '</div></li>');
            $text = $end === false ? $part : substr($part, 0, $end);
            $shown = Split::open_part($text);
            if ($number > 0 && $shown !== $text) {
                $parts[$number] = force_balance_tags(Split::without_marks($shown, true)) . substr($part, strlen($text));
            }
        }
        return implode($begins, $parts);
    }

    /** @param mixed $html */
    public static function end($html): string
    {
        $html = (string) $html;
        [$kind, $row] = array_pop(self::$in_work) ?? ['plain', null];
        if ($row === null || $kind === 'plain') {
            return $html;
        }
        if ($kind === 'own') {
            return Own_View::line($row->post) . $html;
        }
        $state = State::of($row->post->ID);
        if ($kind === 'list') {
            return $html . self::way((string) get_permalink($row->post));
        }
        return $state->is_sent() && Options::get('api') !== '' ? self::around(force_balance_tags($html), $row->post, $state) : $html;
    }

    /** As every tool of Spilno's prints it, with the theme's classes. */
    public static function around(string $teaser, WP_Post $post, State $state): string
    {
        $api = (string) Options::get('api');
        $article = Options::article_id($post->ID);
        return sprintf(
            '<spilno-wall class="%s" api="%s" article="%s"%s>%s%s</spilno-wall>',
            esc_attr(trim('spilno-wall ' . Look::classes())),
            esc_attr($api),
            esc_attr($article),
            $state->seal === '' ? '' : ' seal="' . htmlspecialchars($state->seal, ENT_QUOTES) . '"',
            $teaser,
            self::way($api . '/read/' . $article)
        );
    }

    private static function way(string $url): string
    {
        return sprintf('<p class="spilno-read-on"><a href="%s">%s</a></p>', esc_url($url), esc_html__('Read on', 'spilno'));
    }

    private static function is_the_page_of(?Row $row): bool
    {
        return $row !== null && !is_feed() && is_singular() && get_queried_object_id() === $row->post->ID;
    }

    /** The row whose wall this page has. */
    public static function of_page(): ?Row
    {
        $post = is_singular() && !is_feed() ? get_queried_object() : null;
        $row = $post instanceof WP_Post && !post_password_required($post) ? Row::of($post) : null;
        return $row !== null && $row->is_walled() ? $row : null;
    }

    public static function assets(): void
    {
        $row = self::of_page();
        if ($row === null) {
            return;
        }
        if (!Own_View::is_of($row->post) && State::of($row->post->ID)->is_sent()) {
            Widget::enqueue();
        }
        // Blocks that only the rest has bring their styles along, or it would look bare once it is open.
        foreach (Rendering::styles((string) $row->rest()) as $handle) {
            wp_enqueue_style($handle);
        }
    }
}
