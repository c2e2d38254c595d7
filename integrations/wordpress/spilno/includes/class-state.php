<?php

namespace Spilno;

/** What Spilno has of a post, and what went wrong on the way there. */
final class State
{
    const META = '_spilno';

    public int $post_id;
    /** The id under which it was sent: a copy of the post is not sent because its original is. */
    public string $article = '';
    public string $revision = '';
    /** The seal as Spilno printed it, JSON. */
    public string $seal = '';
    /** The problem's code and sentence; empty where all is well. */
    public string $code = '';
    public string $title = '';
    public int $tries = 0;

    public static function of(int $post_id): self
    {
        $state = new self();
        $state->post_id = $post_id;
        $stored = get_post_meta($post_id, self::META, true);
        $is_ours = is_array($stored) && ($stored['article'] ?? '') === Options::article_id($post_id)
            // What was imported brings along what another site had sent.
            && ($stored['origin'] ?? '') === Options::origin();
        if ($is_ours) {
            foreach (['article', 'revision', 'seal', 'code', 'title'] as $name) {
                $state->$name = (string) ($stored[$name] ?? '');
            }
            $state->tries = (int) ($stored['tries'] ?? 0);
        }
        return $state;
    }

    public function is_sent(): bool
    {
        return $this->revision !== '';
    }

    public function keep(): void
    {
        $was = self::of($this->post_id);
        $this->article = Options::article_id($this->post_id);
        $values = get_object_vars($this);
        unset($values['post_id']);
        $values['origin'] = Options::origin();
        update_post_meta($this->post_id, self::META, wp_slash($values));
        if ($was->is_sent() !== $this->is_sent() || $was->seal !== $this->seal) {
            // Whatever caches pages by the post's own news makes this one anew, with the wall.
            clean_post_cache($this->post_id);
        }
    }

    public function forget(): void
    {
        delete_post_meta($this->post_id, self::META);
        clean_post_cache($this->post_id);
    }
}
