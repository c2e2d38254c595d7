"""A CMS of 2009 in PHP and windows-1251, with the lines of docs/sites/php.md; PHP has no extension loaded."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_from_bytes

import requests

from localdev.ports import ROOT
from testkit.installed import installed
from testkit.ports import free_port
from tests.sites.from_docs import blocks, filled_in

PAGE = "sites/php.md"
CHARSET = "windows-1251"
_SITE = Path(__file__).with_name("site")
_OURS = ROOT / "integrations" / "php" / "spilno.php"
_HERE = ("settings", "saving", "editing", "about")
# No php.ini and so no cURL, mbstring or iconv; whatever PHP has to complain of stands in the page.
PHP = ("-n", "-d", "display_errors=1", "-d", "error_reporting=-1", "-d", "html_errors=0")


@dataclass(frozen=True)
class OldCms:
    """The running site; `data` is its database."""

    url: str
    data: Path

    def get(self, path: str) -> bytes:
        """What a reader gets."""
        answer = requests.get(f"{self.url}{path}", timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.content

    def save(self, **row: str) -> requests.Response:
        """What the editor's form sends: everything in the site's charset."""
        body = "&".join(f"{name}={quote_from_bytes(value.encode(CHARSET))}" for name, value in row.items())
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return requests.post(f"{self.url}/admin.php", body, headers=kind, timeout=20)

    def walk(self, *words: bytes) -> dict[str, bytes]:
        """Every public address, and the search for these words."""
        found = {path: self.get(path) for path in ("/index.php", "/rss.php", "/sitemap.php")}
        for file in self.data.iterdir():
            found |= {path: self.get(path) for path in (f"/article.php?id={file.name}", f"/print.php?id={file.name}")}
        return found | {
            f"/search.php?q={number}": self.get(f"/search.php?q={quote_from_bytes(word)}")
            for number, word in enumerate(words)
        }


def files_of(folder: Path, api: str, *, without: str = "") -> None:
    """The site's files with every block of the page; `without` one of them, as somebody would forget it."""
    shutil.copytree(_SITE, folder)
    shutil.copy(_OURS, folder)
    for file in folder.glob("*.php"):
        text = filled_in(file.read_text(encoding="utf-8"), PAGE)
        for name in _HERE:
            text = text.replace(f"/* here: {name} */", "" if name == without else blocks(PAGE)[name].strip())
        file.write_bytes(text.replace("http://127.0.0.1:8000", api).encode(CHARSET))


@contextmanager
def running(folder: Path, api: str, *, without: str = "") -> Iterator[OldCms]:
    """The site, served by the command of the page."""
    files_of(folder / "site", api, without=without)
    (folder / "data").mkdir(parents=True)
    port = free_port()
    command = blocks(PAGE)["serve"].replace("8003", str(port)).split()
    assert command[0] == "php"
    php = [installed("PHP", ["php"], package="php-cli"), *PHP, *command[1:]]
    environment: Mapping[str, str] = {**os.environ, "CMS_DATA": str(folder / "data"), "PHP_CLI_SERVER_WORKERS": "2"}
    with (
        (folder / "out").open("w") as out,
        subprocess.Popen(php, cwd=folder / "site", env=environment, stdout=out, stderr=out) as process,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}")
            yield OldCms(f"http://127.0.0.1:{port}", folder / "data")
        finally:
            process.terminate()
            process.wait(15)


def _wait(url: str) -> None:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        with suppress(requests.ConnectionError):
            requests.get(f"{url}/index.php", timeout=5)
            return
        time.sleep(0.05)
    raise AssertionError(f"{url} does not answer")
