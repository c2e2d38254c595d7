"""The system's WebKitGTK for browser tests, the nearest kin of Safari, in a window on a display of its own."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from selenium.webdriver import Remote
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from testkit.installed import installed

# The browser's own tool bar is wider than a phone unless everything in it shrinks.
NARROW = "* { padding: 0; margin: 0; border-width: 0; min-width: 0; font-size: 1px; -gtk-icon-transform: scale(.1); }"
NO_COOKIES = ("--cookies-policy=never",)


def executable() -> str:
    """The path of the driver, with which a small browser comes; without it the test is skipped, or fails in CI."""
    return installed("WebKit driver", ("WebKitWebDriver",), package="webkit2gtk-driver")


@contextmanager
def display() -> Iterator[str]:
    """An X display that nobody sees: WebKitGTK has no headless mode."""
    program = installed("X server without a screen", ("Xvfb",), package="xvfb")
    command = [program, "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout
        try:
            yield f":{server.stdout.readline().decode().strip()}"
        finally:
            server.terminate()


@contextmanager
def webkit(folder: Path, arguments: Sequence[str] = ()) -> Iterator[WebDriver]:
    """A WebKitGTK of its own, at a phone's width, which also takes certificates that nobody signed."""
    homes = {name: str(folder / name) for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
    (folder / "XDG_CONFIG_HOME" / "gtk-3.0").mkdir(parents=True)
    (folder / "XDG_CONFIG_HOME" / "gtk-3.0" / "gtk.css").write_text(NARROW)
    path = executable()
    with display() as shown, (folder / "webkit.log").open("w") as log:
        environment = {**os.environ, **homes, "DISPLAY": shown, "GDK_BACKEND": "x11", "LANG": "uk_UA.UTF-8"}
        options = Options()
        options.set_capability("acceptInsecureCerts", True)
        # Else the driver may wait for ever for a page whose Cross-Origin-Opener-Policy makes the browser load it in
        # another process; the browser itself has shown it long before.
        options.page_load_strategy = "none"
        for argument in ("--automation", *arguments):
            options.add_argument(argument)
        service = Service(path, env=environment, log_output=log)
        service.start()
        try:
            # Selenium's own class for this engine makes its connection in a way that Selenium warns of.
            connection = RemoteConnection(client_config=ClientConfig(service.service_url, timeout=90))
            driver = Remote(command_executor=connection, options=options)
            driver.set_window_size(360, 740)
            # A browser takes its time to start; later an answer that is not there by now is lost.
            connection.client_config.timeout = 20
            yield driver
            driver.quit()
        finally:
            service.stop()
