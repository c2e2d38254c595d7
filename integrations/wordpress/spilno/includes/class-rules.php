<?php

namespace Spilno;

/** Categories whose posts are for supporters without anybody drawing a line. */
final class Rules
{
    /**
     * The strictest rule of these categories and of those above them.
     *
     * @param array<int|string> $categories
     * @return array<string, mixed>|null {access, paragraphs, at_more}
     */
    public static function of_categories(array $categories): ?array
    {
        $rules = (array) Options::get('category_rules');
        $found = null;
        foreach ($rules === [] ? [] : array_map('intval', $categories) as $category) {
            foreach (array_merge([$category], get_ancestors($category, 'category', 'taxonomy')) as $one) {
                $rule = $rules[$one] ?? null;
                if (is_array($rule) && ($found === null || self::rank($rule) > self::rank($found))) {
                    $found = $rule;
                }
            }
        }
        return $found;
    }

    /** @return array<string, mixed>|null */
    public static function of_post(int $post_id): ?array
    {
        $type = (string) get_post_type($post_id);
        if (!is_object_in_taxonomy($type, 'category')) {
            return null;
        }
        return self::of_categories(wp_get_post_categories($post_id));
    }

    /** @param array<string, mixed> $rule */
    private static function rank(array $rule): int
    {
        $access = Divider::access((string) ($rule['access'] ?? 'open'));
        return (int) array_search(strtok($access, ':'), ['open', 'metered', 'members', 'tier'], true);
    }
}
