<?php

namespace Spilno;

/** Calls of Spilno's API, with the CMS key; none takes longer than three seconds. */
final class Api
{
    const SECONDS = 3;

    /**
     * @param string                    $path  from `/v1/` on
     * @param array<string, mixed>|null $body  is sent as JSON
     * @param array<string, string>     $use   another `api` or `key` than the stored ones, to try them
     */
    public static function call(string $method, string $path, ?array $body = null, array $use = []): Answer
    {
        $api = $use['api'] ?? Options::get('api');
        $key = $use['key'] ?? Options::get('key');
        if ($api === '') {
            return new Answer(0, ['code' => 'no_api', 'title' => __('Spilno’s address is not set.', 'spilno')]);
        }
        $headers = ['Accept' => 'application/json'] + ($key === '' ? [] : ['Authorization' => 'Bearer ' . $key]);
        if ($body !== null) {
            $headers['Content-Type'] = 'application/json';
        }
        $told = wp_remote_request(untrailingslashit($api) . $path, [
            'method' => $method,
            'timeout' => self::SECONDS,
            // A redirect would carry the key to wherever it leads.
            'redirection' => 0,
            'headers' => $headers,
            'body' => $body === null ? null : wp_json_encode($body, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES),
        ]);
        if (is_wp_error($told)) {
            return new Answer(0, ['code' => 'unreachable', 'title' => $told->get_error_message()]);
        }
        $json = json_decode(wp_remote_retrieve_body($told), true);
        $wait = (int) wp_remote_retrieve_header($told, 'retry-after');
        return new Answer((int) wp_remote_retrieve_response_code($told), is_array($json) ? $json : [], $wait);
    }

    /** The path of a post's article. */
    public static function article(int $post_id): string
    {
        return '/v1/articles/' . Options::article_id($post_id);
    }
}
