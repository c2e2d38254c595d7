<?php

namespace Spilno;

/**
 * A line between what everybody reads and what supporters read, as it stands in a text. Pure.
 *
 * In the block editor it is a block, in the classic one a shortcode or a comment:
 *     <!-- wp:spilno/access {"access":"members"} /-->    [spilno access="members"]    <!--spilno members-->
 * Where the rest was taken out, a mark stands in its place, which says whose rest it is: `kept`, of the site `of`.
 */
final class Divider
{
    const BLOCK = 'spilno/access';

    /** What a new line asks for. */
    const AT_FIRST = 'members';

    /** A tier's name, as the API takes it. */
    const TIER = '[A-Za-z0-9._~-]{1,128}';

    // None of it is longer than what is written there: a comment that never ends must not take a regular expression's
    // patience, after which it finds no line at all.
    const FORMS = '/<!--\s{0,9}wp:spilno\/access(?<json>(?:\s.{0,999}?)?)\/?-->(?:\s{0,9}<!--\s+\/wp:spilno\/access\s+-->)?'
        . '|<!--\s{0,9}spilno(?<comment>\s.{0,999}?)?-->'
        . '|(?<!\[)\[spilno(?<shortcode>\s[^\]]{0,999})?\](?!\])/s';

    public int $from;
    public int $to;
    /** `open`, `metered`, `members` or `tier:<name>`. */
    public string $access;
    /** The post whose rest was taken out here, 0 for a post that had no number yet; null: nothing was. */
    public ?int $kept = null;
    /** The origin of the site that has the rest: on another site the same number is another post. */
    public string $origin = '';
    /** Whether no editor drew this line but a rule of the post's category. */
    public bool $by_rule = false;

    /** The first line in a text; `$kept`: the first mark, or the first that is none. */
    public static function in(string $text, ?bool $kept = null): ?self
    {
        foreach (self::all($text) as $found) {
            if ($kept === null || $kept === ($found->kept !== null)) {
                return $found;
            }
        }
        return null;
    }

    /** @return list<self> */
    public static function all(string $text): array
    {
        if (strpos($text, 'spilno') === false) {
            return [];
        }
        if (preg_match_all(self::FORMS, $text, $found, PREG_SET_ORDER | PREG_OFFSET_CAPTURE) === false) {
            // Rather no page than one with all of the text.
            throw new \RuntimeException('Spilno cannot look for lines in this text: ' . preg_last_error());
        }
        return array_map([self::class, 'read'], $found);
    }

    /** What an editor may write for who reads; what nobody understands is for supporters. */
    public static function access(string $written): string
    {
        $known = preg_match('/^(open|metered|members|tier:' . self::TIER . ')$/D', $written);
        return $known ? $written : 'members';
    }

    /** The mark for a rest that was taken out of a post of the site `$origin`. */
    public static function mark(string $access, int $kept, string $origin, bool $by_rule, bool $in_blocks): string
    {
        $of = $origin === '' ? [] : ['of' => $origin];
        return self::written(['access' => $access, 'kept' => $kept] + $of + ($by_rule ? ['by' => 'rule'] : []), $in_blocks);
    }

    /** A line as an editor draws one. */
    public static function line(string $access, bool $in_blocks): string
    {
        return self::written(['access' => $access], $in_blocks);
    }

    /** The post whose rest belongs here, if it is one of this site's; else null. */
    public function kept_by(string $origin): ?int
    {
        return $origin !== '' && $this->origin === $origin && $this->kept > 0 ? $this->kept : null;
    }

    /**
     * An HTML comment, so that a switched-off plugin shows nothing of it.
     *
     * @param array<string, int|string> $said
     */
    private static function written(array $said, bool $in_blocks): string
    {
        if (!$in_blocks) {
            $pairs = array_map(static fn($name) => sprintf('%s="%s"', $name, $said[$name]), array_keys($said));
            return '<!--spilno ' . implode(' ', $pairs) . '-->';
        }
        // As WordPress writes a block's attributes: two hyphens would end the comment.
        $json = str_replace('--', '\u002d\u002d', (string) json_encode($said, JSON_UNESCAPED_SLASHES));
        return '<!-- wp:' . self::BLOCK . ' ' . $json . ' /-->';
    }

    /** @param array<int|string, array{0: ?string, 1: int}> $found */
    private static function read(array $found): self
    {
        $said = [];
        if (($found['json'][1] ?? -1) >= 0) {
            $said = json_decode(trim((string) $found['json'][0]), true);
            $said = is_array($said) ? $said : [];
        } else {
            $written = ($found['comment'][0] ?? '') . ($found['shortcode'][0] ?? '');
            $said = self::attributes(html_entity_decode($written, ENT_QUOTES));
        }
        $divider = new self();
        $divider->from = $found[0][1];
        $divider->to = $found[0][1] + strlen((string) $found[0][0]);
        $divider->access = self::access(is_scalar($said['access'] ?? null) ? (string) $said['access'] : 'members');
        $divider->kept = is_numeric($said['kept'] ?? null) ? (int) $said['kept'] : null;
        $divider->origin = is_string($said['of'] ?? null) ? $said['of'] : '';
        $divider->by_rule = ($said['by'] ?? '') === 'rule';
        return $divider;
    }

    /**
     * `access="members" kept="12"`, with whatever quotes an editor made of them, or one word alone.
     *
     * @return array<string, string>
     */
    private static function attributes(string $written): array
    {
        $quotes = '["\'“”„«»′″]*';
        // By bytes: what is no UTF-8 must not make a mark one that says nothing.
        preg_match_all('/([a-z]+)\s*=\s*' . $quotes . '([^\s"\'“”„«»′″]*)/', $written, $pairs);
        $said = array_combine($pairs[1], $pairs[2]);
        $alone = trim($written);
        return $said === [] && $alone !== '' ? ['access' => $alone] : $said;
    }
}
