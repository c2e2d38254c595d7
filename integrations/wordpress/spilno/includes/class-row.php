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
        return $this->mark === null ? $this->post->post_content : substr($this->post->post_content, 0, $this->mark->from);
    }

    /** Null where there is none, or its key is lost. */
    public function rest(): ?string
    {
        return Column::open($this->post->post_content_filtered);
    }

    /** The text as its editor wrote it. What lost its mark on the way has the rest at its end. */
    public function whole(): string
    {
        $rest = $this->rest();
        $text = $this->post->post_content;
        if ($rest === null) {
            return $text;
        }
        return $this->mark === null ? rtrim($text) . "\n\n" . $rest : Split::join($text, $rest);
    }
}
