<?php
// split.php: texts as JSON on the standard input; what becomes of each on the output. No WordPress is needed.
foreach (['divider', 'paragraphs', 'split'] as $name) {
    require __DIR__ . "/../../../../integrations/wordpress/spilno/includes/class-$name.php";
}
$done = [];
foreach (json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR) as [$whole, $rule]) {
    $split = Spilno\Split::cut($whole, $rule);
    if ($split === null) {
        $done[] = null;
        continue;
    }
    $stored = $split->stored(7, 'site-1');
    $again = Spilno\Split::join($stored, $split->rest);
    $twice = Spilno\Split::cut($again, $rule);
    $done[] = [
        'before' => $split->before,
        'rest' => $split->rest,
        'access' => $split->access,
        'stored' => $stored,
        'again' => $again,
        'twice' => $twice === null ? null : $twice->stored(7, 'site-1'),
        'line' => $split->with_line(),
        'below' => Spilno\Split::join($stored . 'appended', $split->rest),
    ];
}
echo json_encode($done, JSON_THROW_ON_ERROR);
