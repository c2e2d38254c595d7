<?php
require 'cms.php';
$row = read($_GET['id']);
ob_start();
/* here: about */
head($row['title'], ob_get_clean()); ?>
<h1><?php echo $row['title'] ?></h1><div class="text"><?php echo $row['text'] ?></div>
<!-- here: button -->
