<?php
// install.php SITE KIND: a WordPress in Ukrainian, with a user of each role whose password is their name.
// Constants, as wp-load.php overwrites variables.
define('T_SITE', $argv[1]);
define('T_KIND', $argv[2]);
$config = file_get_contents(T_SITE . '/wp-config.php');
preg_match("/DB_HOST', 'localhost:([^']+)'/", $config, $socket);
preg_match("#WP_HOME', 'http://([^']+)'#", $config, $home);
define('T_HOST', $home[1]);
$db = new mysqli();
$db->real_connect('localhost', 'root', '', '', 0, $socket[1]);
$db->query('CREATE DATABASE wp CHARACTER SET utf8mb4');
$db->close();
$_SERVER['HTTP_HOST'] = T_HOST;
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_URI'] = '/';
putenv('SPILNO_NETWORK=no');
define('WP_INSTALLING', true);
require T_SITE . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
wp_install('Вісті', 'admin', 'admin@news.example', true, '', 'admin', 'uk');
update_option('permalink_structure', '/%postname%/');
update_option('timezone_string', 'Europe/Kyiv');
foreach (['editor', 'author', 'contributor', 'subscriber'] as $role) {
    wp_insert_user(['user_login' => $role, 'user_pass' => $role, 'user_email' => "$role@news.example", 'role' => $role]);
}
switch_theme('twentytwentythree');
if (T_KIND === 'network') {
    foreach ($GLOBALS['wpdb']->tables('ms_global') as $table => $name) {
        $GLOBALS['wpdb']->$table = $name;
    }
    install_network();
    populate_network(1, T_HOST, 'admin@news.example', 'Мережа', '/', false);
} else {
    flush_rewrite_rules(false);
    $error = activate_plugin('spilno/spilno.php');
    echo is_wp_error($error) ? $error->get_error_message() : 'WordPress ' . $GLOBALS['wp_version'] . "\n";
}
