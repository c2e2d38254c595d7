<?php
/**
 * Plugin Name: Filter only
 * Description: What Spilno's plugin must not be: the text stays in the post, and is filtered where somebody thought of it.
 */
add_filter('the_content', static function ($text) {
    return is_user_logged_in() ? $text : explode('<!--filter-only-->', $text)[0];
}, 0);
