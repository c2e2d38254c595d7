<?php
require 'cms.php';
head('Пошук');
foreach (every() as $row) {
    if (strpos($row['text'], $_GET['q']) !== false) {
        echo '<p>', $row['title'], ': ', strip_tags($row['text']), '</p>';
    }
}
