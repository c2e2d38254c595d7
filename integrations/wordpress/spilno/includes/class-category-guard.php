<?php

namespace Spilno;

/**
 * A category with a rule cannot be deleted, as the site's default one cannot: its posts would lose the category, and
 * with it what closes them, without anybody having asked for that. First its row is removed from the settings.
 */
final class Category_Guard
{
    public static function hooks(): void
    {
        add_filter('map_meta_cap', [self::class, 'meta_cap'], 10, 4);
    }

    /**
     * @param string[] $needed
     * @param string $asked
     * @param int $user_id
     * @param mixed[] $about
     * @return string[]
     */
    public static function meta_cap($needed, $asked, $user_id, $about): array
    {
        if ($asked !== 'delete_term' && $asked !== 'delete_category') {
            return (array) $needed;
        }
        $term = is_numeric($about[0] ?? null) ? (int) $about[0] : 0;
        return isset(((array) Options::get('category_rules'))[$term]) ? ['do_not_allow'] : (array) $needed;
    }
}
