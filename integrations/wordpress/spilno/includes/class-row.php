<?php

namespace Spilno;

use WP_Post;

/** A post's row: the part that everybody reads in `post_content`, and the rest, sealed, in `post_content_filtered`. */
final class Row
{
    public WP_Post $post;
    public ?Divider $mark;

    private function __construct(WP_Post $post)
    {
        $this->post = $post;
        $this->mark = Divider::in($post->post_content, true);
    }

    public static function of(WP_Post $post): self
    {
        return new self($post);
    }

    public static function number(int $post_id): ?self
    {
        $post = $post_id > 0 ? get_post($post_id) : null;
        return $post instanceof WP_Post ? new self($post) : null;
    }

    /** Whether posts of this type can have a line: what the public sees and an editor writes. */
    public static function takes(string $type): bool
    {
        $known = get_post_type_object($type);
        return $known !== null && $type !== 'attachment' && is_post_type_viewable($known)
            && post_type_supports($type, 'editor');
    }

    public function is_walled(): bool
    {
        return $this->mark !== null && Column::is_sealed($this->post->post_content_filtered);
    }

    /** Whether anybody can read what has this status, other plugins' own ones included. Nobody's counts as public. */
    public static function is_public(string $status): bool
    {
        $known = get_post_status_object($status);
        return $known === null || $known->public || is_post_status_viewable($known);
    }

    /** What everybody may read. */
    public function before(): string
    {
        return Split::open_part($this->post->post_content);
    }

    /** The same with its mark. More than this stands in a row that was stored while the plugin was off. */
    public function shown(): string
    {
        $mark = $this->mark === null
            ? ''
            : substr($this->post->post_content, $this->mark->from, $this->mark->to - $this->mark->from);
        return $this->before() . $mark;
    }

    /** How a row in which more than that stands is to be cut. Null: there is no such thing, or its rest is lost. */
    public function overdue(): ?Split
    {
        if ($this->shown() === $this->post->post_content || ($this->mark !== null && $this->rest() === null)) {
            return null;
        }
        $whole = $this->whole();
        return $this->mark !== null && $this->mark->by_rule && Divider::in($whole, false) === null
            ? Split::at($whole, $this->mark->from, $this->mark->access)
            : Split::cut($whole);
    }

    /** Null where there is none, or its key is lost. */
    public function rest(): ?string
    {
        return Column::open($this->post->post_content_filtered);
    }

    /** The text as its editor wrote it. */
    public function whole(): string
    {
        $rest = $this->rest();
        return $rest === null ? $this->post->post_content : Split::join($this->post->post_content, $rest);
    }

    /** The same for another site, which has neither this one's rules nor what was taken out. */
    public function exported(): string
    {
        $is_rules = $this->mark !== null && $this->mark->by_rule && $this->rest() !== null;
        return $is_rules ? Split::at($this->whole(), $this->mark->from, $this->mark->access)->with_line() : $this->whole();
    }
}
