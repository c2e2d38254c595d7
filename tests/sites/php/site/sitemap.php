<?php
require 'cms.php';
header('Content-Type: text/xml');
echo '<urlset>';
foreach (every() as $row) {
    foreach (array('article', 'print') as $kind) {
        echo "<url><loc>http://$_SERVER[HTTP_HOST]/$kind.php?id=$row[id]</loc></url>";
    }
}
echo '</urlset>';
