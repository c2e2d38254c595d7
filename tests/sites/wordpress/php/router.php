<?php
// For PHP's own server: files as they are, everything else to WordPress.
$root = $_SERVER['DOCUMENT_ROOT'];
$asked = rawurldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) ?: '/');
$path = $asked;
// A network in folders: /second/wp-login.php is /wp-login.php.
if (preg_match('#^/[^/]+(/(?:wp-(?:content|admin|includes)\b.*|[^/]+\.php))$#', $path, $found) && !file_exists($root . $path)) {
    $path = $found[1];
}
if ($path !== '/' && is_file($root . $path) && $path === $asked && !str_ends_with($path, '.php')) {
    return false;
}
if ($path !== '/' && is_dir($root . $path) && is_file(rtrim($root . $path, '/') . '/index.php')) {
    if (!str_ends_with($path, '/')) {
        header("Location: $path/");
        return true;
    }
    $script = rtrim($path, '/') . '/index.php';
} elseif (str_ends_with($path, '.php') && is_file($root . $path)) {
    $script = $path;
} else {
    $script = '/index.php';
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = $script;
$_SERVER['SCRIPT_FILENAME'] = $root . $script;
chdir(dirname($root . $script));
require $root . $script;
