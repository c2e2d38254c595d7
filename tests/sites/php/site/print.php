<?php
require 'cms.php';
$row = read($_GET['id']);
echo '<h1>', $row['title'], '</h1>', $row['text'];
