<?php

namespace Spilno;

/**
 * A whole text in two: what everybody reads, and the rest. Pure, and without loss:
 * `Split::join(Split::cut($whole)->stored(…), $rest) === $whole`.
 */
final class Split
{
    /** WordPress's own grammar of a block's comment (WP_Block_Parser), without the names of what it does not ask. */
    const TOKEN = '/<!--\s+(?<closer>\/)?wp:(?<name>[a-z][a-z0-9_-]*(?:\/[a-z][a-z0-9_-]*)?)\s+'
        . '(?:\{(?:(?:[^}]+|\}+(?=\})|(?!\}\s+\/?-->).)*+)?\}\s+)?(?<void>\/)?-->/s';

    public string $before;
    public string $rest;
    public string $access;
    public bool $by_rule;

    private function __construct(string $whole, int $at, string $access, bool $by_rule)
    {
        $this->before = substr($whole, 0, $at);
        $this->rest = substr($whole, $at);
        $this->access = $access;
        $this->by_rule = $by_rule;
    }

    /**
     * Cut at the editor's line; without one, as the rule of the post's category says. Null: all of it is public.
     *
     * @param array<string, mixed>|null $rule {access, paragraphs, at_more}
     */
    public static function cut(string $whole, ?array $rule = null): ?self
    {
        $line = Divider::in($whole, false);
        if ($line !== null) {
            $split = new self($whole, self::outermost($whole, $line->from), $line->access, false);
            return $line->access !== 'open' && !self::says_nothing($split->rest) ? $split : null;
        }
        $access = Divider::access((string) ($rule['access'] ?? 'open'));
        if ($access === 'open' || self::says_nothing($whole)) {
            return null;
        }
        return new self($whole, self::place($whole, $rule ?? []), $access, true);
    }

    /**
     * Where the rule draws the line; further up where nothing would stand below it.
     *
     * @param array<string, mixed> $rule
     */
    private static function place(string $whole, array $rule): int
    {
        $at = Paragraphs::place($whole, $rule);
        $open = (int) ($rule['paragraphs'] ?? 2);
        while ($at > 0 && self::says_nothing(substr($whole, $at))) {
            $at = Paragraphs::place($whole, ['at_more' => false, 'paragraphs' => $open--]);
        }
        return $at;
    }

    /** Cut where a mark stood; for a line that a rule drew, and that nobody asked to move. */
    public static function at(string $whole, int $at, string $access): self
    {
        return new self($whole, $at, $access, true);
    }

    /** What the post's row holds of it; `$origin` is the site's. */
    public function stored(int $post_id, string $origin): string
    {
        return $this->before . Divider::mark($this->access, $post_id, $origin, $this->by_rule, $this->in_blocks());
    }

    /** The whole with a line where it is cut: a site that does not have the category's rule closes it as well. */
    public function with_line(): string
    {
        if (!$this->by_rule) {
            return $this->before . $this->rest;
        }
        return rtrim($this->before) . "\n\n" . Divider::line($this->access, $this->in_blocks()) . "\n\n" . ltrim($this->rest);
    }

    /** What everybody may read of a text as it is stored. Below a mark, or a line that nobody cut at, there may be more. */
    public static function open_part(string $stored): string
    {
        $mark = Divider::in($stored, true);
        $above = $mark === null ? $stored : substr($stored, 0, $mark->from);
        $split = self::cut($above);
        return $split === null ? $above : $split->before;
    }

    private function in_blocks(): bool
    {
        return strpos($this->before . $this->rest, '<!-- wp:') !== false;
    }

    /**
     * The whole again. What somebody wrote below the mark meanwhile stands below the rest; where the mark was lost on
     * the way, the rest stands at the end.
     */
    public static function join(string $stored, string $rest): string
    {
        $mark = Divider::in($stored, true);
        if ($mark === null) {
            return rtrim($stored) . "\n\n" . $rest;
        }
        $after = self::without_marks(substr($stored, $mark->to));
        return substr($stored, 0, $mark->from) . $rest . $after;
    }

    /** A text without the marks of rests that were taken out; `$all`: without any line, as readers see it. */
    public static function without_marks(string $text, bool $all = false): string
    {
        foreach (array_reverse(Divider::all($text)) as $line) {
            if ($all || $line->kept !== null) {
                $text = substr($text, 0, $line->from) . substr($text, $line->to);
            }
        }
        return $text;
    }

    /** Where the outermost block around a place begins: half of a group or a column is no HTML. */
    private static function outermost(string $whole, int $place): int
    {
        $begun = [];
        $read = preg_match_all(self::TOKEN, substr($whole, 0, $place), $tokens, PREG_SET_ORDER | PREG_OFFSET_CAPTURE);
        foreach ($read === false ? [] : $tokens as $token) {
            if ($token['closer'][1] >= 0 && $token['closer'][0] !== '') {
                array_pop($begun);
            } elseif (($token['void'][0] ?? '') === '') {
                $begun[] = $token[0][1];
            }
        }
        return $begun[0] ?? $place;
    }

    /** Whether a reader would see nothing of it. */
    private static function says_nothing(string $text): bool
    {
        $text = self::without_marks($text, true);
        // A block that is one comment may be a picture, a player, a table.
        if (preg_match('/<(img|iframe|video|audio|object|embed|svg|canvas|form)\b|\/-->|\[/i', $text)) {
            return false;
        }
        $seen = preg_replace('/<!--.*?-->|<[^>]*>/s', '', $text);
        // Null: PHP gave up on it, so there is much of it.
        return $seen !== null && trim(html_entity_decode($seen), " \t\n\r\0\x0B\xC2\xA0") === '';
    }
}
