<?php

namespace Spilno;

use WP_Post;

/** Spilno has what is published and has a line, and nothing else; what does not succeed now is tried again later. */
final class Push
{
    const AGAIN = 'spilno_push';
    const FIRST_WAIT = 60;      // seconds, doubled each time
    const LONGEST_WAIT = 21600;

    /** Whether Spilno let us wait in vain during this request: nobody waits for each of a hundred posts. */
    private static bool $away = false;

    public static function hooks(): void
    {
        add_action('wp_after_insert_post', [self::class, 'saved'], 20, 2);
        add_action('before_delete_post', [self::class, 'gone']);
        add_action(self::AGAIN, [self::class, 'again']);
    }

    public static function saved(int $post_id, WP_Post $post): void
    {
        if (Row::takes($post->post_type)) {
            self::settle($post_id, self::$away || defined('WP_IMPORTING'));
        }
    }

    /** The event of a post that Spilno did not take when it was saved. */
    public static function again(int $post_id): void
    {
        if (self::$away) {
            $state = State::of($post_id);
            self::plan($state, 0);
            $state->keep();
        } else {
            self::settle($post_id);
        }
    }

    /** Spilno has another text than we believe. */
    public static function again_in_any_case(int $post_id): void
    {
        $state = State::of($post_id);
        $state->code = 'waiting';
        $state->keep();
        self::settle($post_id);
    }

    /** Bring Spilno's state to what the post is now. `$later`: by cron, in one go with all others that wait. */
    public static function settle(int $post_id, bool $later = false): void
    {
        // As it lies in the table: hooks may hold an older one.
        clean_post_cache($post_id);
        $row = Row::number($post_id);
        $state = State::of($post_id);
        if ($row === null || !self::belongs_there($row)) {
            if ($state->article !== '') {
                self::gone($post_id);
            }
            return;
        }
        // Where the rest cannot be opened, what Spilno has may be the only copy.
        if ($row->rest() === null || !Options::connected()) {
            return;
        }
        Options::draw_origin();
        Removal::not(Options::article_id($post_id));
        $facts = Article::facts($row);
        $revision = Article::revision($facts, $row);
        if ($revision === $state->revision && $state->code === '') {
            return;
        }
        if ($later) {
            $state->code = $state->code === '' ? 'waiting' : $state->code;
            $state->keep();
            Reconcile::soon();
            return;
        }
        self::send($state, Article::with_text($facts, $row) + ['revision' => $revision]);
    }

    /** Whether Spilno should have this post: it is public, and has a part for supporters. */
    public static function belongs_there(Row $row): bool
    {
        $post = $row->post;
        return $row->is_walled() && $post->post_status === 'publish' && $post->post_password === ''
            && Row::takes($post->post_type);
    }

    public static function is_away(): bool
    {
        return self::$away;
    }

    /** Whoever is silent, or has too much to do, is not asked again and again in the same request. */
    public static function heard(Answer $answer): void
    {
        self::$away = $answer->may_pass();
    }

    /** @param array<string, mixed> $article */
    private static function send(State $state, array $article): void
    {
        $answer = Api::call('PUT', Api::article($state->post_id), $article);
        self::heard($answer);
        wp_clear_scheduled_hook(self::AGAIN, [$state->post_id]);
        if ($answer->ok()) {
            $state->revision = (string) $article['revision'];
            $seal = $answer->json['seal'] ?? null;
            $state->seal = is_array($seal) ? (string) wp_json_encode($seal, JSON_UNESCAPED_SLASHES) : '';
            $state->code = $state->title = '';
            $state->tries = 0;
        } else {
            $state->code = $answer->code();
            $state->title = $answer->title();
            if ($answer->may_pass()) {
                self::plan($state, $answer->wait);
            }
        }
        $state->keep();
    }

    private static function plan(State $state, int $wait): void
    {
        $wait = min(self::LONGEST_WAIT, max($wait, self::wait($state->tries)));
        $state->tries++;
        wp_clear_scheduled_hook(self::AGAIN, [$state->post_id]);
        wp_schedule_single_event(time() + $wait, self::AGAIN, [$state->post_id]);
    }

    /** Seconds before the next try, after so many. */
    public static function wait(int $tries): int
    {
        return (int) min(self::LONGEST_WAIT, self::FIRST_WAIT * 2 ** min($tries, 12));
    }

    /** The post is deleted, or no longer public, or has no line any more. */
    public static function gone(int $post_id): void
    {
        $state = State::of($post_id);
        wp_clear_scheduled_hook(self::AGAIN, [$post_id]);
        if ($state->article !== '') {
            $state->forget();
            Removal::of($state->article);
        }
    }
}
