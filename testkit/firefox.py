"""The system's Firefox for browser tests: headless, a fresh profile, no background chatter."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver import FirefoxOptions, Remote
from selenium.webdriver.remote.webdriver import WebDriver

from testkit.installed import installed
from testkit.marionette import Marionette
from testkit.waiting import until

PREFERENCES: Mapping[str, object] = {
    "marionette.port": 0,  # one that is free; Firefox writes it into its profile
    "intl.accept_languages": "uk, en",
    "intl.locale.requested": "uk",
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "browser.safebrowsing.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.server": "",
    "extensions.getAddons.cache.enabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "dom.disable_beforeunload": True,
}
# A window is never as narrow as a phone; what shows the page in it may be.
NARROW = "gBrowser.selectedBrowser.style.cssText = 'width: 360px; height: 740px; min-width: 0; flex: none'"
# What the console of any page complained of: uncaught errors, refusals of a security policy, CSS it cannot read.
# Not that Firefox stopped a script of a page that is being left, which it always may, nor that it refuses cookies.
COMPLAINTS = """
return Services.console.getMessageArray().filter((one) => one instanceof Ci.nsIScriptError)
  .filter((one) => !one.category.startsWith("cookieBlocked"))
  .filter((one) => /^https?:/.test(one.sourceName) && !one.errorMessage.startsWith("Script terminated by timeout"))
  .map((one) => `${one.category}: ${one.errorMessage} (${one.sourceName.replace(/[?].*/, "")}:${one.lineNumber})`);
"""
AS_PRINTED = "gBrowser.selectedBrowser.browsingContext.mediumOverride = 'print'"
NO_COOKIES = {"network.cookie.cookieBehavior": 2}


def executable() -> str:
    """The path of Firefox; without one the test is skipped, or fails where CI is set."""
    return installed("Firefox", ("firefox-esr", "firefox"), package="firefox-esr")


@contextmanager
def firefox(folder: Path, preferences: Mapping[str, object] | tuple[()] = ()) -> Iterator[WebDriver]:
    """A Firefox of its own, at a phone's width, which also takes certificates that nobody signed."""
    profile = folder / "profile"
    profile.mkdir()
    wanted = {**PREFERENCES, **dict(preferences)}
    (profile / "user.js").write_text(
        "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in wanted.items())
    )
    command = [executable(), "--headless", "--marionette", "--remote-allow-system-access", "--profile", str(profile)]
    with (folder / "firefox.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        active = profile / "MarionetteActivePort"
        until(lambda: active.exists() and active.read_text(), f"Firefox; see {folder}/firefox.log", 60)
        connection = Marionette(int(active.read_text()))
        options = FirefoxOptions()
        options.accept_insecure_certs = True
        driver = Remote(command_executor=connection, options=options)
        connection.in_the_browser_itself(NARROW)
        yield driver
        driver.quit()
        connection.close()
    finally:
        process.terminate()
        process.wait(30)


def complaints(driver: WebDriver) -> list[str]:
    """What the console of any page complained of so far."""
    found: list[str] = _itself(driver, COMPLAINTS)
    return found


def lays_out_as_printed(driver: WebDriver) -> None:
    """The page as its style sheets want it on paper."""
    _itself(driver, AS_PRINTED)


def _itself(driver: WebDriver, script: str) -> Any:
    connection = driver.command_executor
    assert isinstance(connection, Marionette)
    return connection.in_the_browser_itself(script)
