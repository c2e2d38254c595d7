<?php

namespace Spilno;

/** Spilno's script, which brings the elements to life, and the few rules that keep the page from jumping. */
final class Widget
{
    const STYLE = <<<'CSS'
@media (scripting: enabled) {
  spilno-wall:not(:defined) { display: block; padding-bottom: calc(1.5em + var(--spilno-wall-height, 46em)); animation: spilno-room 0s 8s forwards; }
  .spilno-wall > .spilno-read-on { position: absolute; animation: spilno-read-on 0s 4s backwards; }
}
@keyframes spilno-read-on { from { visibility: hidden; } }
@keyframes spilno-room { to { padding-bottom: 0; } }
spilno-wall:defined > .spilno-read-on { display: none; }
CSS;

    public static function hooks(): void
    {
        add_filter('script_loader_tag', [self::class, 'tag'], 10, 2);
    }

    /** On this page; may be called as often as it is needed, also while the page's body is made. */
    public static function enqueue(): void
    {
        $api = (string) Options::get('api');
        if ($api === '' || wp_script_is('spilno')) {
            return;
        }
        // Without a version: the script names its own parts, and is kept by Spilno's own rules.
        wp_enqueue_script('spilno', $api . '/widget.js', [], null, false);
        wp_register_style('spilno', false, [], SPILNO_VERSION);
        wp_add_inline_style('spilno', self::STYLE . "\n" . Look::STYLE);
        wp_enqueue_style('spilno');
    }

    /**
     * @param mixed $tag
     * @param mixed $handle
     */
    public static function tag($tag, $handle = ''): string
    {
        $tag = (string) $tag;
        return $handle === 'spilno' && strpos($tag, ' async') === false
            ? str_replace('<script ', '<script async ', $tag)
            : $tag;
    }
}
