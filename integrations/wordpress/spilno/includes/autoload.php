<?php

defined('ABSPATH') || exit;

// Spilno\Own_View is in class-own-view.php.
spl_autoload_register(static function ($name) {
    if (strpos($name, 'Spilno\\') !== 0) {
        return;
    }
    $file = __DIR__ . '/class-' . strtolower(str_replace('_', '-', substr($name, 7))) . '.php';
    if (is_file($file)) {
        require $file;
    }
});
