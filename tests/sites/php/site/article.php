<?php
require 'cms.php';
$row = read($_GET['id']);
head($row['title']); ?>
<h1><?php echo $row['title'] ?></h1><div class="text"><?php echo $row['text'] ?></div>
<!-- here: button -->
