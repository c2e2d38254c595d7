<?php

namespace Spilno;

use WP_Post;

/** What search engines are told: that the text is not for everybody, and which part of the page that is. */
final class Structured_Data
{
    public static function hooks(): void
    {
        add_action('wp_head', [self::class, 'print_it']);
    }

    public static function print_it(): void
    {
        $row = Wall::of_page();
        $data = $row === null ? null : apply_filters('spilno_structured_data', self::of($row->post), $row->post);
        if (is_array($data) && $data !== []) {
            echo '<script type="application/ld+json">', self::as_script($data), "</script>\n";
        }
    }

    /**
     * The same for each way to publish with Spilno; chalicelib/articles/rules/structured_data.py.
     *
     * @return array<string, mixed>
     */
    public static function of(WP_Post $post): array
    {
        $facts = Article::facts(Row::of($post));
        $name = html_entity_decode((string) get_bloginfo('name'), ENT_QUOTES | ENT_HTML5);
        $data = [
            '@context' => 'https://schema.org',
            '@type' => 'NewsArticle',
            'headline' => html_entity_decode(wp_strip_all_tags((string) $facts['title']), ENT_QUOTES | ENT_HTML5),
            'url' => $facts['url'],
            'mainEntityOfPage' => $facts['url'],
            'publisher' => ['@type' => 'NewsMediaOrganization', 'name' => $name],
        ];
        if (isset($facts['author'])) {
            $data['author'] = ['@type' => 'Person', 'name' => $facts['author']];
        }
        if (isset($facts['section'])) {
            $data['articleSection'] = $facts['section'];
        }
        if (isset($facts['tags'])) {
            $data['keywords'] = $facts['tags'];
        }
        $data['isAccessibleForFree'] = false;
        $data['hasPart'] = [
            '@type' => 'WebPageElement',
            'isAccessibleForFree' => false,
            'cssSelector' => '.spilno-wall',
        ];
        return $data;
    }

    /** @param array<string, mixed> $data */
    public static function as_script(array $data): string
    {
        $json = (string) wp_json_encode($data, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
        return strtr($json, ['<' => '\u003C', '>' => '\u003E', '&' => '\u0026', "\u{2028}" => '\u2028', "\u{2029}" => '\u2029']);
    }
}
