<?php
// Behind the newsroom's own password in life.
require 'cms.php';
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $row = $_POST;
    /* here: saving */
    save($row);
    exit('saved');
}
$row = read($_GET['id']);
/* here: editing */
echo '<form method="post"><textarea name="text">', htmlspecialchars($row['text'], ENT_QUOTES, 'cp1251'), '</textarea></form>';
