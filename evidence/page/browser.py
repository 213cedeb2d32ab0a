"""Chromium without a window, driven by its DevTools protocol over a pipe; nothing to install.

Messages are JSON, each ended by a zero byte; file descriptor 3 of the browser reads them, 4 answers
(https://chromedevtools.github.io/devtools-protocol).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

KEYS: Final = {" ": "Space", "Home": "Home", "End": "End"}
CODES: Final = {
    "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Home": 36, "End": 35,
    "PageUp": 33, "PageDown": 34, "Tab": 9, " ": 32, "Escape": 27,
}  # fmt: skip
"""Key codes of Windows, by which the protocol knows keys that write nothing."""


def chromium() -> str | None:
    """Where the browser is, if there is one."""
    return shutil.which("chromium") or shutil.which("google-chrome")


class Tab:
    """One page in the browser, and all that it complained of.

    Attributes:
        complaints: errors of scripts, warnings and errors on the console, violated policies.
        requests: addresses that were asked for, but for the page itself.
    """

    def __init__(self, writer: int, reader: int) -> None:
        self.writer, self.reader = writer, reader
        self.waiting, self.number, self.session = b"", 0, ""
        self.complaints: list[str] = []
        self.requests: list[str] = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> Any:
        """Call the browser and wait for its answer."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.writer, json.dumps(message).encode() + b"\0")
        while True:
            found = self._read()
            if found.get("id") == self.number:
                if "error" in found:
                    raise RuntimeError(f"{method}: {found['error']}")
                return found["result"]
            self._note(found)

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self.waiting:
            self.waiting += os.read(self.reader, 1 << 20)
        message, self.waiting = self.waiting.split(b"\0", 1)
        return dict(json.loads(message))

    def _note(self, event: dict[str, Any]) -> None:
        told = event.get("params", {})
        match event.get("method"):
            case "Runtime.exceptionThrown":
                self.complaints.append(str(told["exceptionDetails"]))
            case "Runtime.consoleAPICalled" if told["type"] in ("error", "warning", "assert"):
                self.complaints.append(str(told["args"]))
            case "Log.entryAdded" if told["entry"]["level"] in ("error", "warning"):
                self.complaints.append(told["entry"]["text"])
            case "Network.requestWillBeSent":
                self.requests.append(told["request"]["url"])

    def show(self, page: Path, width: int, height: int, *, dark: bool = False) -> None:
        """Open a page on a screen of that size."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", features=[scheme])
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        self.send("Page.navigate", url=page.resolve().as_uri())
        self.until("document.readyState === 'complete'")

    def ask(self, expression: str) -> Any:
        """What a JavaScript expression comes to in the page."""
        found = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in found:
            raise RuntimeError(str(found["exceptionDetails"]))
        return found["result"].get("value")

    def until(self, expression: str, seconds: float = 60.0) -> None:
        """Wait until an expression holds.

        Raises:
            TimeoutError: it did not in time.
        """
        end = time.monotonic() + seconds
        while not self.ask(expression):
            if time.monotonic() > end:
                raise TimeoutError(f"{expression}: {self.complaints}")
            time.sleep(0.05)

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press a key and let it go, as a person would."""
        told = {"key": key, "code": KEYS.get(key, key), "modifiers": 8 if shift else 0}
        told["windowsVirtualKeyCode"] = CODES.get(key, ord(key[0].upper()))
        written = {"text": key} if len(key) == 1 else {}
        self.send("Input.dispatchKeyEvent", type="keyDown", **told, **written)
        self.send("Input.dispatchKeyEvent", type="keyUp", **told)

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        """``mouseMoved``, ``mousePressed`` or ``mouseReleased``."""
        self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def picture(self, path: Path, *, whole: bool = True) -> None:
        """Write what is seen as PNG, of the whole page or of the screen."""
        found = self.send(
            "Page.captureScreenshot", captureBeyondViewport=whole, **self._clip(whole)
        )
        path.write_bytes(b64decode(found["data"]))

    def _clip(self, whole: bool) -> dict[str, Any]:
        if not whole:
            return {}
        size = self.send("Page.getLayoutMetrics")["cssContentSize"]
        return {"clip": {**size, "scale": 1}}

    def paper(self, path: Path) -> None:
        """Print on A4."""
        told = {"paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": True}
        found = self.send("Page.printToPDF", printBackground=True, **told)
        path.write_bytes(b64decode(found["data"]))


@contextmanager
def browser(program: str) -> Iterator[Tab]:
    """A fresh browser that knows nothing and reaches no network."""
    to_read, writer = os.pipe()
    reader, to_write = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [
            program,
            "--headless=new",
            "--no-sandbox",  # a root user, as in a container, has none
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--remote-debugging-pipe",
            f"--user-data-dir={profile}",
        ]

        def wire() -> None:
            ends = os.dup(to_read), os.dup(to_write)
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        running = subprocess.Popen(
            command,
            close_fds=False,
            preexec_fn=wire,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            os.close(to_read)
            os.close(to_write)
            yield Tab(writer, reader)
        finally:
            running.kill()
            running.wait()
            os.close(writer)
            os.close(reader)
