<?php

// WordPress runs this when somebody deletes the plugin. The plugin itself is not loaded then.
defined('WP_UNINSTALL_PLUGIN') || exit;

require_once __DIR__ . '/includes/autoload.php';

Spilno\Uninstall::everywhere();
