"""The real workbench in a real browser: `burnish --web` and a headless Chromium."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from engine.demo.files import copy_demo
from tests.browser import Browser, Page, running_browser, until
from tui.web.access import STRANGER

pytestmark = pytest.mark.live

BURNISH = str(Path(sys.executable).with_name("burnish"))


class Server:
    """A running `burnish --web`."""

    def __init__(self, workspace: Path) -> None:
        self.process = subprocess.Popen(
            [BURNISH, "--web", str(workspace)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        found = re.search(r"(http://127\.0\.0\.1:\d+/)\?token=(\S+)", self.process.stdout.readline())
        assert found is not None
        self.address, (self.root, self.token) = found[0], found.groups()

    def screens(self) -> list[Path]:
        """The processes behind its pages, as folders of /proc."""
        return [
            entry
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and f"\nPPid:\t{self.process.pid}\n" in _read(entry / "status")
        ]

    async def without_screens(self) -> None:
        """Wait until no page has a process."""
        await until(lambda: not self.screens(), what="the screens to end")

    def end(self) -> tuple[str, str]:
        """ctrl+c; gives what it still said."""
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=60)


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder whose name a shell would not leave as it is."""
    folder = tmp_path / "my work; touch $HOME 'x'"
    folder.mkdir()
    copy_demo(folder)
    return folder


@pytest.fixture
def server(workspace: Path) -> Iterator[Server]:
    server = Server(workspace)
    yield server
    if server.process.poll() is None:
        server.end()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with running_browser() as browser:
        yield browser


async def opened(browser: Browser, server: Server) -> Page:
    page = await browser.page()
    await page.resize(1200, 800)
    await page.open(server.address)
    await page.shows("What is the maximum clock speed of the RP2350?")
    return page


async def test_a_page_is_the_workbench_and_its_end_is_the_end_of_its_screen(browser: Browser, server: Server) -> None:
    page = await opened(browser, server)
    assert await page.shows("raspberry_pi.jsonl")
    assert server.token not in await page.evaluate("location.href + document.documentElement.outerHTML")
    assert await page.evaluate("document.cookie") == ""
    assert await page.evaluate("document.fonts.check('16px \"Roboto Mono\"')")
    assert all(address.startswith(server.root) for address in page.requests), page.requests
    assert page.complaints == []

    await page.press("2")
    await page.shows("No run yet")
    await page.press("1")
    await page.shows("RP2350")
    await page.press("?")
    await page.shows("Every key")

    (screen,) = server.screens()
    for secret in (server.token, await page.evaluate("location.pathname.split('/')[1]")):
        for of_process in (screen, Path(f"/proc/{server.process.pid}")):
            assert secret not in _read(of_process / "cmdline")
            assert secret not in _read(of_process / "environ")
    await page.close()
    await server.without_screens()
    assert server.process.poll() is None
    assert server.end()[1] == ""
    assert server.process.returncode == 0


@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong", "static/js/textual.js"])
async def test_without_the_token_a_page_shows_nothing(browser: Browser, server: Server, query: str) -> None:
    page = await browser.page()
    await page.open(server.root + query)
    assert (await page.evaluate("document.body.innerText")).strip() == STRANGER.strip()
    assert await page.terminal() == ""
    assert server.screens() == []


async def test_a_page_of_another_port_of_this_machine_gets_no_screen(
    browser: Browser, server: Server, tmp_path: Path
) -> None:
    """The browser counts it to the same site and sends it the cookies of 127.0.0.1, so the cookie alone will not do."""
    page = await opened(browser, server)
    folder = await page.evaluate("location.pathname")
    (tmp_path / "page.html").write_text("<!DOCTYPE html><title>other</title>")
    words = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "--directory", str(tmp_path), "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=_unbuffered()) as it:
        try:
            assert it.stdout is not None
            port = re.search(r"port (\d+)", it.stdout.readline())
            assert port is not None
            other = await browser.page()
            await other.open(f"http://127.0.0.1:{port[1]}/page.html")
            socket = server.root.replace("http", "ws").rstrip("/") + folder + "ws"
            outcome = f"""new Promise(done => {{
                const socket = new WebSocket({socket!r});
                socket.onopen = () => done("open"); socket.onerror = () => done("refused");
            }})"""
            assert await other.evaluate(outcome) == "refused"
            read = f"fetch({(server.root.rstrip('/') + folder)!r}, {{credentials: 'include'}})"
            assert await other.evaluate(f"{read}.then(() => 'read', () => 'refused')") == "refused"
        finally:
            it.terminate()
    assert len(server.screens()) == 1


def _unbuffered() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONUNBUFFERED": "1"}


async def test_two_pages_are_two_screens_and_an_edit_outlives_its_page(browser: Browser, server: Server) -> None:
    one = await opened(browser, server)
    other = await opened(browser, server)
    assert len(server.screens()) == 2
    await one.press("e")
    await one.shows("Keep")
    for letter in "Newer":
        await one.press(letter)
    await one.shows("Newer")
    await one.send("Input.dispatchKeyEvent", type="rawKeyDown", key="s", windowsVirtualKeyCode=83, modifiers=2)
    await one.shows("1 unsaved")
    await one.close()
    await until(lambda: len(server.screens()) == 1, what="one screen to end")
    await other.press("j")
    await other.shows("row 2")
    again = await opened(browser, server)
    await again.shows("1 edit of")
    await again.press("k")
    await again.shows("Newer")


async def test_the_window_has_another_size_and_so_has_the_screen(browser: Browser, server: Server) -> None:
    page = await opened(browser, server)
    await page.resize(1800, 900)
    await page.shows("No run yet")  # all three panes have room now
    before = await page.terminal()
    await page.resize(700, 500)
    await until(lambda: _rows(page, len(before.splitlines())), what="fewer rows")
    await page.shows("RP2350")


async def test_a_table_that_scrolls_is_what_a_repaint_shows(browser: Browser, server: Server) -> None:
    """The terminal in the page moves the rows itself."""
    page = await opened(browser, server)
    for _ in range(60):
        await page.press("j")
    await page.shows("─ row 61 ─")
    for _ in range(45):
        await page.press("k")
    await page.shows("─ row 16 ─")
    # The title may be there before the rows are.
    await until(lambda: _begins_with(page, 16), what="the rows from 16 on")
    before = _table(await page.terminal())
    await page.press("ctrl+l")
    await until(lambda: _shows(page, before), what="the same rows after a repaint")


async def _begins_with(page: Page, first: int) -> bool:
    numbers = [int(row.split()[0]) for row in _table(await page.terminal())]
    return bool(numbers) and numbers == list(range(first, first + len(numbers)))


async def _shows(page: Page, rows: list[str]) -> bool:
    return _table(await page.terminal()) == rows


def _table(screen: str) -> list[str]:
    """The rows of the table, without the sign of the cursor."""
    return [row.lstrip(" ▸") for row in screen.splitlines() if re.match(r"[ ▸]+\d+ +\w", row)]


async def _rows(page: Page, before: int) -> bool:
    return len((await page.terminal()).splitlines()) < before


async def test_ctrl_c_ends_the_server_and_its_screens_and_the_page_says_so(browser: Browser, server: Server) -> None:
    page = await opened(browser, server)
    screens = server.screens()
    assert screens
    assert (await asyncio.to_thread(server.end))[1] == ""
    assert server.process.returncode == 0
    assert not any(_read(screen / "cmdline") for screen in screens)
    said = "getComputedStyle(document.querySelector('.closed')).display"
    await until(lambda: _is(page, said, "block"), what="the page to say that the workbench has ended")


async def _is(page: Page, expression: str, value: object) -> bool:
    return await page.evaluate(expression) == value


async def test_a_killed_server_takes_its_screens_along(browser: Browser, server: Server) -> None:
    await opened(browser, server)
    screens = server.screens()
    server.process.kill()
    server.process.wait()
    await until(lambda: not any(_read(screen / "cmdline") for screen in screens), what="the screens to end")


async def test_q_ends_the_screen_and_the_page_offers_another(browser: Browser, server: Server) -> None:
    page = await opened(browser, server)
    await page.press("q")
    await until(lambda: _is(page, "document.body.classList.contains('-closed')", True), what="the page to say so")
    await server.without_screens()
    await page.click("#again")
    await until(server.screens, what="another screen")
    await until(lambda: _is(page, "document.body?.classList.contains('-first-byte')", True), what="its first frame")
    assert len(server.screens()) == 1
