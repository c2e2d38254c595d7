<?php
// Where a test wants it, a part of the plugin breaks off whenever it is asked.
namespace Spilno;

if (\get_option('test_broken')) {
    final class Divider
    {
        public static function __callStatic(string $name, array $arguments)
        {
            throw new \Error('broken for a test');
        }
    }
}
