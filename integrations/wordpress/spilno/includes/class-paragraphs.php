<?php

namespace Spilno;

/** Where a category's rule draws the line in a text in which no editor did. Pure. */
final class Paragraphs
{
    /** @param array<string, mixed> $rule {paragraphs, at_more}; the place is never behind the last paragraph */
    public static function place(string $whole, array $rule): int
    {
        $ends = strpos($whole, '<!-- wp:') === false ? self::in_html($whole) : self::in_blocks($whole);
        if (!empty($rule['at_more'])) {
            $more = self::more($whole);
            if ($more !== null) {
                return $more;
            }
        }
        $wanted = max(0, (int) ($rule['paragraphs'] ?? 2));
        $open = min($wanted, count($ends) - 1);
        return $open > 0 ? $ends[$open - 1] : 0;
    }

    /** @return list<int> where each outermost block ends that is a paragraph */
    private static function in_blocks(string $whole): array
    {
        $ends = [];
        $names = [];
        preg_match_all(Split::TOKEN, $whole, $tokens, PREG_SET_ORDER | PREG_OFFSET_CAPTURE);
        foreach ($tokens as $token) {
            if (($token['void'][0] ?? '') !== '') {
                continue;
            }
            if ($token['closer'][0] === '') {
                $names[] = $token['name'][0];
            } elseif (array_pop($names) === 'paragraph' && $names === []) {
                $ends[] = $token[0][1] + strlen((string) $token[0][0]);
            }
        }
        return $ends;
    }

    /** @return list<int> where each paragraph ends, but none inside of a list, a table, a quotation */
    private static function in_html(string $whole): array
    {
        $ends = [];
        $open = 0;
        $parts = '/<(?<closer>\/)?(?:div|table|ul|ol|dl|blockquote|figure|section|aside|pre|form)\b[^>]*>'
            . '|(?<gap><\/p>|(?<=[^\s])\s*\n\s*\n)/i';
        preg_match_all($parts, $whole, $found, PREG_SET_ORDER | PREG_OFFSET_CAPTURE);
        foreach ($found as $part) {
            if (($part['gap'][0] ?? '') !== '') {
                if ($open === 0) {
                    $ends[] = $part[0][1] + strlen((string) $part[0][0]);
                }
            } else {
                $open = max(0, $open + (($part['closer'][0] ?? '') === '' ? 1 : -1));
            }
        }
        $length = strlen(rtrim($whole));
        $ends = array_values(array_filter($ends, static fn($end) => $end < $length));
        return array_merge($ends, [$length]);
    }

    /** Where "more" stands, outside of any block but its own. */
    private static function more(string $whole): ?int
    {
        if (preg_match('/<!--\s+wp:more\b.*?-->|<!--more(.*?)?-->/s', $whole, $found, PREG_OFFSET_CAPTURE)) {
            return $found[0][1];
        }
        return null;
    }
}
