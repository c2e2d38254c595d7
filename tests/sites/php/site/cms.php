<?php
// A newspaper of 2009: one file an article, no framework, windows-1251 everywhere.
header('Content-Type: text/html; charset=windows-1251');
/* here: settings */
function folder() { return getenv('CMS_DATA'); }
function read($id) { return unserialize(file_get_contents(folder() . '/' . basename($id))); }
function every() { $all = array(); foreach (glob(folder() . '/*') as $file) { $all[] = unserialize(file_get_contents($file)); } return $all; }
function save($row) { file_put_contents(folder() . '/' . basename($row['id']), serialize($row)); }
$site = 'http://' . $_SERVER['HTTP_HOST'];
function head($title, $about = '') { ?>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><title><?php echo $title ?></title>
<!-- here: head -->
<?php echo $about ?>
</head><body>
<?php }
