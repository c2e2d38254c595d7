<?php

namespace Spilno;

/** The settings' table of categories whose posts are for supporters without a line. */
final class Category_Table
{
    public static function show(): void
    {
        $rules = (array) Options::get('category_rules');
        echo '<h3 id="spilno-categories">' . esc_html__('Categories for supporters', 'spilno') . '</h3><p class="description">';
        esc_html_e('Posts of these categories are cut by themselves where no editor has put a line. A rule takes effect when a post is saved.', 'spilno');
        echo '</p><table class="widefat striped spilno-categories" aria-labelledby="spilno-categories"><thead><tr>';
        foreach (self::columns() as $title) {
            printf('<th scope="col">%s</th>', esc_html($title));
        }
        echo '</tr></thead><tbody>';
        $row = 0;
        foreach ($rules as $category => $rule) {
            self::row($row++, (int) $category, (array) $rule);
        }
        self::row($row, 0, ['access' => Divider::AT_FIRST, 'paragraphs' => 2, 'at_more' => true]);
        echo '</tbody></table>';
    }

    /** @return list<string> */
    private static function columns(): array
    {
        return [
            __('Category', 'spilno'),
            __('Who reads on', 'spilno'),
            __('Cut at “More”', 'spilno'),
            __('Else after paragraph', 'spilno'),
            __('Remove', 'spilno'),
        ];
    }

    /** @param array<string, mixed> $rule */
    private static function row(int $number, int $category, array $rule): void
    {
        [$which, $access, $more, $paragraphs, $remove] = self::columns();
        $name = Options::NAME . "[rules][$number]";
        printf('<tr><td data-label="%s">', esc_attr($which));
        wp_dropdown_categories([
            'name' => "{$name}[category]",
            'id' => "spilno-category-$number",
            'selected' => $category,
            'hierarchical' => true,
            'hide_empty' => false,
            'show_option_none' => __('— choose —', 'spilno'),
            'option_none_value' => '0',
        ]);
        printf(
            '<label class="screen-reader-text" for="spilno-category-%d">%s</label></td><td data-label="%s">',
            $number,
            esc_html($which),
            esc_attr($access)
        );
        printf('<select name="%s[access]" aria-label="%s">', esc_attr($name), esc_attr($access));
        foreach (self::levels((string) ($rule['access'] ?? 'members')) as $value => $title) {
            $chosen = selected($rule['access'] ?? 'members', $value, false);
            printf('<option value="%s"%s>%s</option>', esc_attr($value), $chosen, esc_html($title));
        }
        printf(
            '</select></td><td data-label="%2$s"><input type="checkbox" name="%1$s[at_more]" value="1" aria-label="%2$s"%3$s></td>'
            . '<td data-label="%5$s"><input type="number" name="%1$s[paragraphs]" value="%4$d" min="1" max="50"'
            . ' class="small-text" aria-label="%5$s"></td>',
            esc_attr($name),
            esc_attr($more),
            checked(!empty($rule['at_more']), true, false),
            (int) ($rule['paragraphs'] ?? 2),
            esc_attr($paragraphs)
        );
        if ($category === 0) {
            echo '<td></td></tr>';
            return;
        }
        printf(
            '<td data-label="%2$s"><input type="checkbox" name="%1$s[remove]" value="1" aria-label="%2$s"></td></tr>',
            esc_attr($name),
            esc_attr($remove)
        );
    }

    /**
     * Who may read, in words.
     *
     * @param string $also one that is in use, and must not be lost while Spilno does not answer
     * @return array<string, string>
     */
    private static function levels(string $also): array
    {
        $levels = array_column(Line_Block::choices(), 'label', 'value');
        unset($levels['open']);
        return $also === 'open' ? $levels : $levels + [$also => $also];
    }
}
