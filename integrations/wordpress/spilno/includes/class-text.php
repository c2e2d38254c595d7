<?php

namespace Spilno;

/** A regular expression on which PHP gives up, for its limits or for bytes that are no letters, must not cost the text. */
final class Text
{
    /**
     * The text as it is where PHP gives up.
     *
     * @param string|\Closure $with
     */
    public static function replaced(string $pattern, $with, string $text, int $limit = -1): string
    {
        $done = $with instanceof \Closure
            ? preg_replace_callback($pattern, $with, $text, $limit)
            : preg_replace($pattern, $with, $text, $limit);
        return $done ?? $text;
    }
}
