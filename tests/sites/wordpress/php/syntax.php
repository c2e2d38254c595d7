<?php
// syntax.php: files as JSON {name: code} on the standard input; what is wrong in each, or newer than PHP 7.4.
const NEWER = ['T_MATCH', 'T_NULLSAFE_OBJECT_OPERATOR', 'T_ATTRIBUTE', 'T_ENUM', 'T_READONLY'];
const FUNCTIONS = ['str_contains', 'str_starts_with', 'str_ends_with', 'get_debug_type', 'array_is_list', 'fdiv',
    'preg_last_error_msg', 'get_resource_id', 'enum_exists', 'json_validate', 'array_find', 'mb_trim', 'mb_str_pad'];
const TYPES = ['mixed', 'never', 'false', 'true', 'null'];

function newer(string $code): array
{
    $found = [];
    try {
        $all = array_values(array_filter(PhpToken::tokenize($code, TOKEN_PARSE), fn($one) => !$one->isIgnorable()));
    } catch (ParseError $error) {
        return ["line {$error->getLine()}: {$error->getMessage()}"];
    }
    $say = function (PhpToken $token, string $what) use (&$found) {
        $found[] = "line $token->line: $what";
    };
    foreach ($all as $at => $token) {
        $next = $all[$at + 1] ?? null;
        $before = $all[$at - 1] ?? null;
        $name = $token->getTokenName();
        if (in_array($name, NEWER, true)) {
            $say($token, $name);
        }
        if ($token->is(FUNCTIONS) && $next?->text === '(' && !$before?->is(['->', '::', 'function'])) {
            $say($token, $token->text);
        }
        if ($token->is('throw') && !$before?->is([';', '{', '}', ':', ')', 'else'])) {
            $say($token, 'throw as an expression');
        }
        if ($token->is('catch') && ($all[$at + 3] ?? null)?->text === ')') {
            $say($token, 'catch without a variable');
        }
        if ($token->is('::') && $next?->text === 'class' && $before?->is(T_VARIABLE)) {
            $say($token, 'class of an object');
        }
        if ($token->is([T_FUNCTION, T_FN])) {
            foreach (signature($all, $at) as $what) {
                $say($token, $what);
            }
        }
        if ($token->is([',', '(']) && $next?->is(T_STRING) && ($all[$at + 2] ?? null)?->text === ':') {
            $say($token, 'named argument');
        }
    }
    return $found;
}

/** Of a function's parameters and what it returns. */
function signature(array $all, int $at): array
{
    $found = [];
    $depth = 0;
    $constructor = strtolower($all[$at + 1]->text) === '__construct';
    for ($at++; isset($all[$at]); $at++) {
        [$before, $token, $next] = [$all[$at - 1], $all[$at], $all[$at + 1] ?? null];
        $depth += (int) $token->is('(') - (int) $token->is(')');
        if ($depth === 0 && $token->is(['{', ';', '=>'])) {
            break;
        }
        if ($token->is(')') && $before->is(',')) {
            $found[] = 'comma behind the last parameter';
        }
        if ($constructor && $token->is([T_PUBLIC, T_PROTECTED, T_PRIVATE])) {
            $found[] = 'property in a constructor';
        }
        if ($token->is('|') || ($token->is(T_STATIC) && $before->is(':'))) {
            $found[] = "type with $token->text";
        }
        if ($token->is(TYPES) && ($before->is([':', '(', ',', '?'])) && ($next?->is([T_VARIABLE, '{', ';', '=>']))) {
            $found[] = "type $token->text";
        }
    }
    return $found;
}

$given = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
echo json_encode(array_filter(array_map('newer', $given)), JSON_THROW_ON_ERROR);
