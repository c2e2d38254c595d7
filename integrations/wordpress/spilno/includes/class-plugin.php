<?php

namespace Spilno;

/** What the plugin is made of: each part hangs itself into WordPress. */
final class Plugin
{
    /** Each has a static `hooks()`; the order decides nothing. */
    const PARTS = [
        Activation::class,
        Saving::class,
        Editor_Saves::class,
        Editors::class,
        Line_Block::class,
        Wall::class,
        Cut_Again::class,
        Own_View::class,
        Widget::class,
        Look::class,
        Structured_Data::class,
        Machines::class,
        Push::class,
        Removal::class,
        Reconcile::class,
        Left_Over::class,
        Notices::class,
        Settings::class,
        Category_Apply::class,
        Category_Guard::class,
        Elements::class,
        Menu_Link::class,
        Hidden_Comments::class,
        Advice::class,
        Site_Health::class,
        Privacy_Policy::class,
    ];

    public static function start(): void
    {
        add_action('init', static function () {
            load_plugin_textdomain('spilno', false, dirname(plugin_basename(SPILNO_FILE)) . '/languages');
        }, 1);
        foreach (self::PARTS as $part) {
            $part::hooks();
        }
    }
}
