<?php
// network.php SITE: a second site, and the plugin on both.
define('T_SITE', $argv[1]);
preg_match("#WP_HOME', 'http://([^']+)'#", file_get_contents(T_SITE . '/wp-config.php'), $home);
define('T_HOST', $home[1]);
$_SERVER['HTTP_HOST'] = T_HOST;
$_SERVER['REQUEST_URI'] = '/';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
require T_SITE . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
$second = wpmu_create_blog(T_HOST, '/second/', 'Друга газета', 1);
// sanitize_user() in wpmu_create_blog drops the port's colon.
$GLOBALS['wpdb']->update($GLOBALS['wpdb']->blogs, ['domain' => T_HOST], ['blog_id' => 2]);
clean_blog_cache(2);
switch_to_blog(2);
update_option('home', 'http://' . T_HOST . '/second');
update_option('siteurl', 'http://' . T_HOST . '/second');
restore_current_blog();
$error = activate_plugin('spilno/spilno.php', '', true);
echo is_wp_error($error) ? $error->get_error_message() : 'WordPress ' . $GLOBALS['wp_version'] . "\n";
