<?php

namespace Spilno;

use WP_Post;

/** A post as Spilno is told of it. */
final class Article
{
    /** Counts up when the same post would be sent with other words, so that all are sent anew. */
    const FORM = 1;

    const LONGEST_URL = 2000;

    /** @return array<string, mixed> everything but the text */
    public static function facts(Row $row): array
    {
        $post = $row->post;
        $author = get_userdata((int) $post->post_author);
        return array_filter([
            'title' => self::title($post),
            'url' => self::url($post),
            'access' => $row->mark === null ? 'members' : $row->mark->access,
            // Whose display name is a login of that kind would have their address published.
            'author' => $author && !is_email($author->display_name) ? self::line($author->display_name, 200) : null,
            'section' => self::section($post),
            'tags' => self::tags($post),
            'origin' => Options::origin(),
        ]);
    }

    /**
     * @param array<string, mixed> $facts
     * @return array<string, mixed>
     */
    public static function with_text(array $facts, Row $row): array
    {
        return $facts + [
            'teaser_html' => Rendering::of($row->post, $row->before()),
            'body_html' => Rendering::of($row->post, $row->whole()),
        ];
    }

    /**
     * Changes when the post or the theme does, which makes HTML of it. Over the source, since its HTML is another each time (embeds, numbered classes).
     *
     * @param array<string, mixed> $facts
     */
    public static function revision(array $facts, Row $row): string
    {
        return hash('sha256', (string) wp_json_encode([self::FORM, $facts, $row->whole(), get_stylesheet()]));
    }

    /** As HTML, which it is in WordPress and in Spilno. */
    public static function title(WP_Post $post): string
    {
        $title = mb_substr(trim((string) preg_replace('/[\s\p{Cc}\p{Zl}\p{Zp}]+/u', ' ', $post->post_title)), 0, 500);
        return $title === '' ? __('Untitled', 'spilno') : $title;
    }

    public static function url(WP_Post $post): string
    {
        $url = (string) get_permalink($post);
        return strlen($url) <= self::LONGEST_URL ? $url : home_url('/?p=' . $post->ID);
    }

    public static function section(WP_Post $post): ?string
    {
        $terms = is_object_in_taxonomy($post->post_type, 'category') ? get_the_category($post->ID) : [];
        return $terms === [] ? null : self::line($terms[0]->name, 200);
    }

    /** @return list<string> */
    public static function tags(WP_Post $post): array
    {
        $terms = is_object_in_taxonomy($post->post_type, 'post_tag') ? get_the_tags($post->ID) : [];
        $names = array_map(static fn($term) => self::line($term->name, 64), is_array($terms) ? $terms : []);
        return array_slice(array_values(array_unique(array_filter($names, 'strlen'))), 0, 20);
    }

    /** One line of plain characters, and no more than the API takes. */
    private static function line(string $text, int $longest): string
    {
        $plain = html_entity_decode($text, ENT_QUOTES | ENT_HTML5);
        return mb_substr(trim((string) preg_replace('/[\s\p{Cc}\p{Zl}\p{Zp}]+/u', ' ', $plain)), 0, $longest);
    }
}
