"""A real WordPress for tests, from Debian's package and without any service: its own database and PHP's server."""

import getpass
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from localdev.ports import ROOT
from testkit.installed import installed
from testkit.ports import free_port
from testkit.waiting import until
from tests.sites.wordpress.site import Site

HERE = Path(__file__).parent / "php"
PLUGIN = ROOT / "integrations" / "wordpress" / "spilno"
DEBIANS = Path("/usr/share/wordpress")
PACKAGES = (
    "wordpress wordpress-l10n wordpress-theme-twentytwentythree wordpress-theme-twentytwentyone"
    " php-cli php-mysql php-curl php-mbstring php-xml mariadb-server-core"
)
# WordPress calls itself (cron, loopback); each worker answers one call at a time.
_WORKERS = "4"


@contextmanager
def wordpress(folder: Path, *, core: Path = DEBIANS, kind: str = "single") -> Iterator[Site]:
    """One that runs as long as the block lasts; in `folder` lies all of it.

    :param kind: `single`, or `network` for two sites, the second below `/second/`.
    """
    php = installed("PHP", ["php"], package=PACKAGES)
    mariadbd = installed("MariaDB", ["mariadbd"], package=PACKAGES)
    if not core.exists():
        words = f"There is no WordPress at {core} (Debian: apt-get install {PACKAGES})."
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    port = free_port()
    with _database(folder, mariadbd):
        _files(folder, core, port, kind)
        _install(folder, php, kind)
        token = secrets.token_hex(8)
        with _served(folder, php, port, token):
            yield Site(f"http://127.0.0.1:{port}", folder, token)


def _files(folder: Path, core: Path, port: int, kind: str) -> None:
    site = folder / "site"
    # Debian's has links out of its folder.
    shutil.copytree(core, site)
    (site / "wp-content" / "uploads").mkdir(exist_ok=True)
    must_run = site / "wp-content" / "mu-plugins"
    must_run.mkdir(exist_ok=True)
    shutil.copy(HERE / "run.php", must_run)
    config = (HERE / "wp-config.php").read_text(encoding="utf-8")
    for name, value in {"@DIR@": str(folder), "@PORT@": str(port), "@KIND@": kind}.items():
        config = config.replace(name, value)
    (site / "wp-config.php").write_text(config, encoding="utf-8")
    (site / "wp-content" / "plugins" / "spilno").symlink_to(PLUGIN)


def _install(folder: Path, php: str, kind: str) -> None:
    scripts = [["install.php", str(folder / "site"), kind]]
    if kind == "network":
        scripts.append(["network.php", str(folder / "site")])
    for script, *arguments in scripts:
        done = subprocess.run([php, str(HERE / script), *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _database(folder: Path, mariadbd: str) -> Iterator[None]:
    me = getpass.getuser()
    data, socket = folder / "db", folder / "db.sock"
    maker = installed("MariaDB", ["mariadb-install-db"], package=PACKAGES)
    # Files of its own: in /tmp those of another one that is made just now can have the same name.
    environment = {**os.environ, "TMPDIR": str(folder)}
    with (folder / "db.log").open("wb") as log:
        subprocess.run(
            [maker, "--no-defaults", f"--datadir={data}", f"--user={me}", "--auth-root-authentication-method=normal",
             "--skip-test-db"],
            stdout=log, stderr=log, env=environment, check=True,
        )  # fmt: skip
        process = subprocess.Popen(
            [mariadbd, "--no-defaults", f"--datadir={data}", f"--user={me}", f"--socket={socket}",
             "--skip-networking", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M",
             "--innodb-log-file-size=16M", "--performance-schema=OFF"],
            stdout=log, stderr=log, env=environment,
        )  # fmt: skip
    try:
        until(socket.exists, f"MariaDB's socket; see {folder}/db.log")
        yield
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def _served(folder: Path, php: str, port: int, token: str) -> Iterator[None]:
    environment = {**os.environ, "PHP_CLI_SERVER_WORKERS": _WORKERS, "SPILNO_TEST_RUN": token}
    with (folder / "php.log").open("wb") as log:
        process = subprocess.Popen(
            [php, "-d", "opcache.enable_cli=1", "-d", "memory_limit=256M", "-S", f"127.0.0.1:{port}",
             "-t", str(folder / "site"), str(HERE / "router.php")],
            env=environment, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        site = Site(f"http://127.0.0.1:{port}", folder, token)
        until(site.answers, f"WordPress; see {folder}/php.log")
        yield
    finally:
        # Its workers are children of its own.
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
