<?php

namespace Spilno;

/** Calls of Spilno's API; none takes longer than three seconds. */
final class Api
{
    const SECONDS = 3;

    /**
     * With the CMS key. Where somebody on the way could read it, nothing is sent.
     *
     * @param string                    $path from `/v1/` on
     * @param array<string, mixed>|null $body is sent as JSON
     */
    public static function call(string $method, string $path, ?array $body = null): Answer
    {
        $api = (string) Options::get('api');
        if ($api !== '' && !Api_Key::may_go_to($api)) {
            return new Answer(0, ['code' => 'api_http', 'title' => Connection::sentence('api_http')]);
        }
        $key = Options::get('key');
        return self::send($method, $path, $body, $key === '' ? [] : ['Authorization' => 'Bearer ' . $key]);
    }

    /** What is open to all, without the key: not to be told to an address that may not be ours. */
    public static function ask(string $path): Answer
    {
        return self::send('GET', $path, null, []);
    }

    /**
     * @param array<string, mixed>|null $body
     * @param array<string, string>     $headers
     */
    private static function send(string $method, string $path, ?array $body, array $headers): Answer
    {
        $api = (string) Options::get('api');
        if ($api === '') {
            return new Answer(0, ['code' => 'no_api', 'title' => Connection::sentence('no_api')]);
        }
        $headers['Accept'] = 'application/json';
        $headers['Accept-Language'] = str_replace('_', '-', determine_locale());
        if ($body !== null) {
            $headers['Content-Type'] = 'application/json';
        }
        $told = wp_remote_request($api . $path, [
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
