<?php
require 'cms.php';
head('Вісті Надріччя');
foreach (every() as $row) { ?>
<h2><a href="/article.php?id=<?php echo $row['id'] ?>"><?php echo $row['title'] ?></a></h2><?php echo $row['text'] ?>
<?php }
