<?php

namespace Spilno;

use WP_Post;

/** Spilno has what is published and has a line, and nothing else; what does not succeed now is tried again later. */
final class Push
{
    const AGAIN = 'spilno_push';
    const REMOVE = 'spilno_remove';
    const FIRST_WAIT = 60;      // seconds, doubled each time
    const LONGEST_WAIT = 21600;
    const TRIES = 20;           // of a removal: then the daily comparison finds it

    /** Whether Spilno let us wait in vain during this request: nobody waits for each of a hundred posts. */
    private static bool $away = false;

    public static function hooks(): void
    {
        add_action('wp_after_insert_post', [self::class, 'saved'], 20, 2);
        add_action('before_delete_post', [self::class, 'gone']);
        add_action(self::AGAIN, [self::class, 'again']);
        add_action(self::REMOVE, [self::class, 'remove'], 10, 2);
    }

    public static function saved(int $post_id, WP_Post $post): void
    {
        if (Row::takes($post->post_type)) {
            self::settle($post_id, self::$away || defined('WP_IMPORTING'));
        }
    }

    public static function again(int $post_id): void
    {
        self::settle($post_id, false);
    }

    /** Spilno has another text than we believe. */
    public static function again_in_any_case(int $post_id, bool $later = false): void
    {
        $state = State::of($post_id);
        $state->code = 'waiting';
        $state->keep();
        self::settle($post_id, $later || self::$away);
    }

    /** Bring Spilno's state to what the post is now. `$later`: by the next run of cron. `$take`: whoever put it. */
    public static function settle(int $post_id, bool $later = false, bool $take = false): void
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
        if (!Options::connected()) {
            return;
        }
        $facts = Article::facts($row);
        $revision = Article::revision($facts, $row);
        if ($revision === $state->revision && $state->code === '' && !$take) {
            return;
        }
        if ($later) {
            self::plan($state, 0);
            $state->keep();
            return;
        }
        self::send($state, Article::with_text($facts, $row) + ['revision' => $revision], $take);
    }

    public static function belongs_there(Row $row): bool
    {
        $post = $row->post;
        return $row->is_walled() && $post->post_status === 'publish' && $post->post_password === ''
            && Row::takes($post->post_type) && $row->rest() !== null;
    }

    /** @param array<string, mixed> $article */
    private static function send(State $state, array $article, bool $take_over): void
    {
        $answer = Api::call('PUT', Api::article($state->post_id) . ($take_over ? '?take_over=true' : ''), $article);
        wp_clear_scheduled_hook(self::AGAIN, [$state->post_id]);
        if ($answer->ok()) {
            $state->revision = (string) $article['revision'];
            $seal = $answer->json['seal'] ?? null;
            $state->seal = is_array($seal) ? (string) wp_json_encode($seal, JSON_UNESCAPED_SLASHES) : '';
            $state->code = $state->title = '';
            $state->tries = 0;
        } else {
            self::$away = $answer->status === 0;
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
        if ($state->code === '') {
            $state->code = 'waiting';
            $state->title = __('It will be sent to Spilno in a minute.', 'spilno');
        }
        $wait = max($wait, self::wait($state->tries));
        $state->tries++;
        wp_clear_scheduled_hook(self::AGAIN, [$state->post_id]);
        wp_schedule_single_event(time() + $wait, self::AGAIN, [$state->post_id]);
    }

    private static function wait(int $tries): int
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
            self::remove($state->article, 0);
        }
    }

    public static function remove(string $article, int $tries): void
    {
        // What a copy of the site no longer has, the site itself still has.
        if (Options::is_a_copy()) {
            return;
        }
        $answer = Api::call('DELETE', "/v1/articles/$article?origin=" . Options::origin());
        if ($answer->ok() || $answer->status === 404 || $answer->status === 409 || $tries >= self::TRIES) {
            return;
        }
        $wait = max($answer->wait, self::wait($tries));
        wp_schedule_single_event(time() + $wait, self::REMOVE, [$article, $tries + 1]);
    }
}
