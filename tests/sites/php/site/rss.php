<?php
require 'cms.php';
header('Content-Type: text/xml');
echo '<?xml version="1.0" encoding="windows-1251"?><rss><channel>';
foreach (every() as $row) {
    echo '<item><title>', $row['title'], '</title><link>http://', $_SERVER['HTTP_HOST'], '/article.php?id=', $row['id'],
        '</link><description><![CDATA[', $row['text'], ']]></description></item>';
}
echo '</channel></rss>';
