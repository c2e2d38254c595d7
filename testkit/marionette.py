"""Firefox's own remote control, spoken to by Selenium: what geckodriver does, which Debian does not have.

The protocol is WebDriver's commands as JSON over a socket: https://firefox-source-docs.mozilla.org/testing/marionette/
"""

import itertools
import json
import socket
from collections.abc import Mapping
from typing import Any

from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.remote_connection import RemoteConnection

# Those that the tests use, by Selenium's name for each.
COMMANDS = {
    Command.NEW_SESSION: "NewSession",
    Command.QUIT: "DeleteSession",
    Command.SET_TIMEOUTS: "SetTimeouts",
    Command.GET: "Navigate",
    Command.GO_BACK: "Back",
    Command.GET_CURRENT_URL: "GetCurrentURL",
    Command.W3C_EXECUTE_SCRIPT: "ExecuteScript",
    Command.W3C_EXECUTE_SCRIPT_ASYNC: "ExecuteAsyncScript",
    Command.CLICK_ELEMENT: "ElementClick",
    Command.SEND_KEYS_TO_ELEMENT: "ElementSendKeys",
    Command.CLEAR_ELEMENT: "ElementClear",
    Command.SCREENSHOT: "TakeScreenshot",
}


class Marionette(RemoteConnection):
    """A connection to a Firefox that was started with `--marionette`, in the place of one to a driver's server."""

    def __init__(self, port: int) -> None:
        super().__init__(client_config=ClientConfig("http://127.0.0.1"))  # nothing goes there
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._incoming = self._socket.makefile("rb")
        self._numbers = itertools.count(1)
        self._read()  # Firefox greets first

    def execute(self, command: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """One command; answers as a driver's server would."""
        told = {name: value for name, value in params.items() if name != "sessionId"}
        if command == Command.NEW_SESSION:
            told = told["capabilities"]["alwaysMatch"]
        error, result = self._asks(f"WebDriver:{COMMANDS[command]}", told)
        if error:
            return {"status": 500, "value": json.dumps({"value": error})}
        return {"value": result["value"] if isinstance(result, dict) and set(result) == {"value"} else result}

    def in_the_browser_itself(self, script: str) -> Any:
        """The answer of a script that may do what the browser's own windows may do."""
        self._asks("Marionette:SetContext", {"value": "chrome"})
        error, result = self._asks("WebDriver:ExecuteScript", {"script": script, "args": []})
        assert error is None, error
        self._asks("Marionette:SetContext", {"value": "content"})
        return result["value"]

    def close(self) -> None:
        """Hang up."""
        self._incoming.close()
        self._socket.close()

    def _asks(self, name: str, told: Mapping[str, Any]) -> tuple[Any, Any]:
        """What went wrong, if anything, and the answer."""
        message = json.dumps([0, next(self._numbers), name, told]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._read()
        return error, result

    def _read(self) -> Any:
        length = b""
        while (byte := self._incoming.read(1)) != b":":
            if not byte:
                raise ConnectionError("Firefox hung up.")
            length += byte
        return json.loads(self._incoming.read(int(length)))
