"""The plugin's PHP is right, and as PHP 7.4 knows it: half of all hosts are years behind."""

import json
import subprocess

import pytest

from integrations.wordpress.packed import PLUGIN, packed
from testkit.installed import installed
from tests.sites.wordpress.installed import HERE, PACKAGES


def wrong(files: dict[str, str]) -> dict[str, list[str]]:
    """What is wrong in each of these files, or newer than PHP 7.4."""
    php = installed("PHP", ["php"], package=PACKAGES)
    command = [php, "-d", "memory_limit=512M", str(HERE / "syntax.php")]
    done = subprocess.run(command, input=json.dumps(files), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, list[str]] = dict(json.loads(done.stdout) or {})
    return found


def test_every_file_is_right_and_old_enough() -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted(PLUGIN.rglob("*.php"))}
    assert len(files) > 20
    assert wrong(files) == {}


def test_what_is_newer_is_noticed() -> None:
    newer = """
        $a = match (1) { default => 2 };
        $a?->b();
        #[A] function a() {}
        enum A { case B; }
        final class A { public readonly int $b; }
        str_contains('a', 'b');
        $a = $b ?? throw new E();
        try { a(); } catch (E) { }
        $a = $b::class;
        function a(int $b,) {}
        class A { function __construct(private int $b) {} }
        function a(): int|string {}
        class A { function a(): static {} }
        function a(mixed $b) {}
        a(b: 2);
        function a( {
    """
    files = {line.strip(): f"<?php\n{line}" for line in newer.strip().splitlines()}
    assert set(wrong(files)) == set(files)


def test_the_zip_is_the_same_bytes_each_time() -> None:
    assert packed() == packed()


@pytest.mark.parametrize("name", ["spilno.php", "readme.txt"])
def test_the_versions_that_are_named_are_one(name: str) -> None:
    text = (PLUGIN / name).read_text(encoding="utf-8")
    assert "Requires PHP: 7.4" in text
    assert "Requires at least: 6.1" in text
    assert "License: GPL-2.0-or-later" in text
