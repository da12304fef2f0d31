"""A headless Chromium that a test looks through: pages, keys, what they asked the network for, screenshots.

`python -m tests.browser PAGE.html PICTURE.png [WIDTH [dark]]` takes a picture of a page.
"""

from __future__ import annotations

import asyncio
import base64
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.chromium import UnobtainableError, chromium, environment

_FLAGS = (
    "--headless=shell",
    "--no-sandbox",  # tests may run as root, and open only their own pages
    "--remote-debugging-port=0",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--proxy-server=direct://",
)

KEYS = {"Enter": ("\r", 13), "Escape": ("", 27), "Tab": ("\t", 9), "ArrowDown": ("", 40), "PageDown": ("", 34)}
"""Keys that are no characters: their text and their Windows key code, as DevTools wants them."""

_FIND_TERMINAL = """function () {
  for (const each of this) {
    try { if (each.buffer && each.buffer.active && each.cols && each.rows && each.loadAddon) return each; }
    catch (error) { continue; }
  }
}"""

_READ_TERMINAL = """function () {
  const buffer = this.buffer.active;
  return Array.from({ length: this.rows }, (_, y) => buffer.getLine(y).translateToString(true)).join("\\n");
}"""


class Page:
    """One tab."""

    def __init__(self, browser: Browser, target: str, session: str) -> None:
        self._browser = browser
        self._target = target
        self._session = session
        self._terminal = ""
        self.events: list[tuple[str, dict[str, Any]]] = []
        """What DevTools told of this page."""

    async def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give a DevTools command (Chrome DevTools Protocol); gives its result."""
        return await self._browser.send(method, self._session, **parameters)

    async def open(self, address: str) -> None:
        """Go to an address and wait until the page and all it loads are there."""
        seen = len(self.events)
        await self.send("Page.navigate", url=address)
        await until(lambda: self.happened("Page.loadEventFired", seen), what=f"{address} to load")

    def happened(self, method: str, since: int = 0) -> list[dict[str, Any]]:
        """The parameters of all events of one kind."""
        return [parameters for name, parameters in self.events[since:] if name == method]

    @property
    def requests(self) -> list[str]:
        """Every address that was asked for, the page's own included."""
        return [each["request"]["url"] for each in self.happened("Network.requestWillBeSent")]

    @property
    def complaints(self) -> list[str]:
        """Errors and warnings of the console, and exceptions that nobody caught."""
        logged = [each["entry"] for each in self.happened("Log.entryAdded")]
        said = [entry["text"] for entry in logged if entry["level"] in ("error", "warning")]
        for each in self.happened("Runtime.consoleAPICalled"):
            if each["type"] in ("error", "warning", "assert"):
                said.append(str([argument.get("value") for argument in each["args"]]))
        thrown = [each["exceptionDetails"] for each in self.happened("Runtime.exceptionThrown")]
        return said + [str(each.get("exception", each).get("description", each)) for each in thrown]

    async def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression."""
        done = await self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    async def press(self, key: str) -> None:
        """Press and release a key: a character, a name of KEYS, or "ctrl+" and a letter."""
        letter = key.removeprefix("ctrl+")
        text, code = KEYS.get(key, ("" if letter != key else key, ord(letter[0].upper())))
        what = {"key": letter, "windowsVirtualKeyCode": code, "modifiers": 2 if letter != key else 0}
        await self.send("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **what)
        await self.send("Input.dispatchKeyEvent", type="keyUp", **what)

    async def click(self, selector: str) -> None:
        """Click on the middle of an element."""
        box = f"document.querySelector({selector!r}).getBoundingClientRect()"
        x, y = await self.evaluate(f"(box => [box.x + box.width / 2, box.y + box.height / 2])({box})")
        for kind in ("mousePressed", "mouseReleased"):
            await self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def resize(self, width: int, height: int, *, dark: bool = False) -> None:
        """Give the window a size in CSS pixels, and the person a taste."""
        await self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.send("Emulation.setEmulatedMedia", features=[scheme])

    async def terminal(self) -> str:
        """What the page's xterm.js shows, one line a row; "" while there is none, or another page is coming."""
        try:
            self._terminal = self._terminal or await self._find_terminal()
            if not self._terminal:
                return ""
            read = await self._call(self._terminal, _READ_TERMINAL)
        except RuntimeError:  # what it was asked of is gone
            self._terminal = ""
            return ""
        return read["value"]

    async def _find_terminal(self) -> str:
        prototype = (await self.send("Runtime.evaluate", expression="Object.prototype"))["result"]["objectId"]
        objects = (await self.send("Runtime.queryObjects", prototypeObjectId=prototype))["objects"]["objectId"]
        found = await self._call(objects, _FIND_TERMINAL)
        await self.send("Runtime.releaseObject", objectId=objects)
        return found.get("objectId", "")

    async def _call(self, of: str, function: str) -> dict[str, Any]:
        done = await self.send("Runtime.callFunctionOn", objectId=of, functionDeclaration=function)
        return done["result"]

    async def shows(self, text: str) -> str:
        """Wait until a text stands in the terminal; gives all that it shows."""
        shown = ""

        async def there() -> bool:
            nonlocal shown
            shown = await self.terminal()
            return text in shown

        await until(there, what=lambda: f"{text!r} on:\n{shown}")
        return shown

    async def screenshot(self, path: Path, *, whole: bool = False) -> None:
        """Write a PNG of the window, or of the whole page."""
        taken = await self.send("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(taken["data"]))

    async def close(self) -> None:
        """Close the tab."""
        await self._browser.send("Target.closeTarget", targetId=self._target)


class Browser:
    """A running Chromium."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._asked = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._pages: dict[str, Page] = {}

    async def page(self) -> Page:
        """Open a tab, empty, whose doings are written down."""
        target = (await self.send("Target.createTarget", url="about:blank"))["targetId"]
        session = (await self.send("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
        page = self._pages[session] = Page(self, target, session)
        for domain in ("Page", "Runtime", "Network", "Log"):
            await page.send(f"{domain}.enable")
        return page

    async def send(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        """Give a command to the browser, or to one of its pages."""
        self._asked += 1
        answer = self._answers[self._asked] = asyncio.get_running_loop().create_future()
        command = {"id": self._asked, "method": method, "params": parameters}
        await self._socket.send_json({**command, "sessionId": session} if session else command)
        return await asyncio.wait_for(answer, 180)

    async def listen(self) -> None:
        """Take answers and events until the browser ends."""
        async for message in self._socket:
            said = message.json()
            if "id" not in said:
                if page := self._pages.get(said.get("sessionId", "")):
                    page.events.append((said["method"], said["params"]))
            elif not (answer := self._answers.pop(said["id"])).done():
                if "error" in said:
                    answer.set_exception(RuntimeError(said["error"]["message"]))
                else:
                    answer.set_result(said["result"])


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """A Chromium with a profile of its own. Skips the test where there is none to be had, but never in CI."""
    try:
        executable = await asyncio.to_thread(chromium)
    except UnobtainableError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    # Processes of the browser may still write there after the first one has ended.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [str(executable), *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            env=environment(executable),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            said = Path(profile) / "DevToolsActivePort"
            await until(lambda: said.exists() and said.read_text().count("\n"), what="Chromium to start")
            port, path = said.read_text().split()
            address = f"ws://127.0.0.1:{port}{path}"
            async with aiohttp.ClientSession() as client, client.ws_connect(address, max_msg_size=0) as socket:
                browser = Browser(socket)
                listening = asyncio.create_task(browser.listen())
                try:
                    yield browser
                finally:
                    listening.cancel()
        finally:
            process.terminate()
            process.wait()


async def until(
    condition: Callable[[], object | Awaitable[object]], *, what: str | Callable[[], str], seconds: float = 180.0
) -> None:
    """Ask a condition again until it holds; fails after a limit that only a fault reaches."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        value = condition()
        if await value if isinstance(value, Awaitable) else value:
            return
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s for {what if isinstance(what, str) else what()}")
        await asyncio.sleep(0.05)


async def _picture(page_file: Path, picture: Path, width: int, dark: bool) -> None:
    async with running_browser() as browser:
        page = await browser.page()
        await page.resize(width, 800, dark=dark)
        await page.open(page_file.resolve().as_uri())
        await page.screenshot(picture, whole=True)
        print(*page.complaints, sep="\n")


if __name__ == "__main__":
    file, picture, width, *taste = [*sys.argv[1:], *["1200"][len(sys.argv) - 3 :]]
    asyncio.run(_picture(Path(file), Path(picture), int(width), taste == ["dark"]))
