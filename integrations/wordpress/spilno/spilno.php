<?php
/**
 * Plugin Name: Spilno
 * Description: Posts for those who support the newsroom. What stands below the line leaves the post when it is saved, so no feed, search or switched-off plugin shows it; readers who give get it from Spilno.
 * Version: 0.1.0
 * Requires at least: 6.1
 * Requires PHP: 7.4
 * Author: Spilno
 * License: GPL-2.0-or-later
 * License URI: https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain: spilno
 * Domain Path: /languages
 *
 * @package Spilno
 */

defined('ABSPATH') || exit;

const SPILNO_VERSION = '0.1.0';
const SPILNO_FILE = __FILE__;

require_once __DIR__ . '/includes/autoload.php';

Spilno\Plugin::start();
