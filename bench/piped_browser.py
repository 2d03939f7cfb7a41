"""A Chromium that nothing records: told what to do over its own pipe, as a person's browser is told by hands.

Playwright has every answer that travels to a page recorded inside that page's process (the inspector keeps up to 100 MB of
bodies for it), which a measurement of memory would count as the page's. ``tab_memory.py`` drives this one instead.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import subprocess
import tempfile
import time
from types import TracebackType
from typing import Any, Self

from tests.browser.conftest import ARGUMENTS, CHROMIUM

ANSWER_S = 120
OUTCOME_S = 120
READ_FD, WRITE_FD = 3, 4  # where a browser that is asked to be told by pipe listens and answers
KEY_CODES = {"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}


class PipedBrowser:
    """One headless browser with one page; ``send`` speaks the browser's own inspection protocol."""

    def __init__(self, width: int, height: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="viahe-browser-", ignore_cleanup_errors=True)
        self._asked, self._buffer = 0, b""
        (theirs_in, self._out), (self._in, theirs_out) = os.pipe(), os.pipe()
        self._process = _start(self._folder.name, theirs_in, theirs_out)
        page = next(one for one in self.send("Target.getTargets")["targetInfos"] if one["type"] == "page")
        self._page: str = self.send("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def send(self, method: str, **values: Any) -> dict[str, Any]:
        """Tell the browser itself; its answer."""
        return self._call({"method": method, "params": values})

    def ask(self, method: str, **values: Any) -> dict[str, Any]:
        """Tell the page; its answer."""
        return self._call({"method": method, "params": values, "sessionId": self._page})

    def evaluate(self, script: str) -> Any:
        """What a script of one expression gives on the page."""
        return self.ask("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def open(self, url: str, until: str) -> None:
        """Go to an address and wait until a script's answer is true there."""
        self.ask("Page.navigate", url=url)
        self.wait_for(until)

    def wait_for(self, script: str) -> None:
        """Until the script's answer is true; a page that never gets there ends the measurement."""
        ends = time.monotonic() + OUTCOME_S
        while not self.evaluate(script):
            if time.monotonic() > ends:
                raise SystemExit(f"The page did not get there within {OUTCOME_S} s: {script}")
            time.sleep(0.2)

    def press(self, key: str) -> None:
        """A key of ``KEY_CODES``, down and up."""
        for kind in ("rawKeyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=KEY_CODES[key])

    def renderers(self) -> list[int]:
        """Process ids of the tabs, each with its workers."""
        processes = self.send("SystemInfo.getProcessInfo")["processInfo"]
        return [int(one["id"]) for one in processes if one["type"] == "renderer"]

    def _call(self, message: dict[str, Any]) -> dict[str, Any]:
        self._asked += 1
        os.write(self._out, json.dumps({"id": self._asked, **message}).encode() + b"\0")
        while (answer := self._read()).get("id") != self._asked:
            pass  # something that happened on the page, or the answer to a call before
        if "error" in answer:
            raise SystemExit(f"The browser refused {message['method']}: {answer['error']['message']}")
        found: dict[str, Any] = answer["result"]
        return found

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            if not select.select([self._in], [], [], ANSWER_S)[0]:
                raise SystemExit(f"The browser did not answer within {ANSWER_S} s.")
            if not (more := os.read(self._in, 1 << 20)):
                raise SystemExit("The browser ended by itself.")
            self._buffer += more
        message, self._buffer = self._buffer.split(b"\0", 1)
        found: dict[str, Any] = json.loads(message)
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)
        os.close(self._out)
        os.close(self._in)
        self._folder.cleanup()


def _start(folder: str, theirs_in: int, theirs_out: int) -> subprocess.Popen[bytes]:
    """A shell puts the browser's two ends where it looks for them; here they are closed."""
    ends = [fcntl.fcntl(end, fcntl.F_DUPFD, WRITE_FD + 1) for end in (theirs_in, theirs_out)]  # clear of these places
    place = f'exec "$0" "$@" {READ_FD}<&{ends[0]} {WRITE_FD}>&{ends[1]}'
    told = ("--headless=new", "--remote-debugging-pipe", f"--user-data-dir={folder}", "--no-first-run", "about:blank")
    argv = ["bash", "-c", place, CHROMIUM, *ARGUMENTS, *told]
    process = subprocess.Popen(argv, pass_fds=ends, stderr=subprocess.DEVNULL)
    for end in (theirs_in, theirs_out, *ends):
        os.close(end)
    return process
