"""A page and the process behind it, with screens that do what a test wants."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestClient

from tests.tui.web.conftest import Serve, open_page
from tests.waiting import wait_for
from tui.web import session

BEGIN = """
import json, os, subprocess, sys, time
def send(kind, data): os.write(1, kind + len(data).to_bytes(4, "big") + data)
def quit(): send(b"M", b'{"type": "exit"}'); sys.exit()
os.write(1, b"__GANGLION__\\n")
"""

FILE_APP = """
import io
from textual.app import App
class Delivers(App):
    def on_mount(self):
        self.deliver_text(io.StringIO("row 1\\nrow 2\\n"), save_filename="rows.jsonl", open_method="browser")
Delivers().run()
"""


TALKS = """
from textual.app import App
from textual.events import Key, Paste
class Talks(App):
    def on_key(self, event: Key):
        if event.key == "q":
            self.exit()
        else:
            open(sys.argv[1], "a").write(f"key {event.character if event.is_printable else event.key}\\n")
    def on_paste(self, event: Paste):
        open(sys.argv[1], "a").write(f"paste {event.text!r}\\n")
    def on_terminal_supports_synchronized_output(self):
        open(sys.argv[1], "a").write("answer\\n")
    def on_resize(self, event):
        open(sys.argv[1], "a").write(f"size {event.size.width} {event.size.height}\\n")
import sys
Talks().run()
"""


async def frames(page: aiohttp.ClientWebSocketResponse) -> list[aiohttp.WSMessage]:
    """Everything that comes until the page is closed."""
    return [message async for message in page]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_words_reach_the_process_as_they_are_and_the_secrets_do_not(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    odd = "a 'b' \"c\"; touch d $(touch e) `touch f` \\"
    shows = 'send(b"D", json.dumps([sys.argv[1:], dict(os.environ), os.getpgid(0) == os.getpid()]).encode()); quit()'
    client, access, _ = await serve(sys.executable, "-c", BEGIN + shows, odd, "--token=$TOKEN")
    page = await open_page(client, access, size="?width=1000000000&height=x")
    (frame,) = await frames(page)
    words, environment, own_group = json.loads(frame.data)
    assert words == [odd, "--token=$TOKEN"]
    assert own_group
    everything = json.dumps(environment)
    for secret in (access.token, access.folder, access._ticket):
        assert secret not in everything
    assert "TMUX" not in environment
    assert environment["TEXTUAL_DRIVER"] == "tui.display.web_line:WebLineDriver"
    assert (environment["COLUMNS"], environment["ROWS"]) == ("1000", "24")


async def test_a_screen_that_will_not_end_is_killed_with_its_group(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "GRACE", 0.2)
    hangs = """
child = subprocess.Popen(["sleep", "600"], stdout=sys.stderr)
send(b"D", b"%d %d" % (os.getpid(), child.pid))
time.sleep(600)
"""
    client, access, _ = await serve(sys.executable, "-c", BEGIN + hangs)
    page = await open_page(client, access)
    pids = [int(each) for each in (await page.receive_bytes()).split()]
    assert all(map(alive, pids))
    await page.close()
    await asyncio.to_thread(
        wait_for, seconds=60, condition=lambda: not any(map(alive, pids)), what="both processes to end"
    )


async def test_the_last_words_of_a_screen_are_said_and_its_page_is_closed(serve: Serve) -> None:
    fails = 'sys.stderr.write("burnish: \\x1b[2Jit broke.\\n"); sys.exit(1)'
    client, access, said = await serve(sys.executable, "-c", BEGIN + fails)
    page = await open_page(client, access)
    assert await frames(page) == []
    assert said == ["burnish: ␛[2Jit broke."]


async def test_what_textual_js_would_not_send_closes_the_page_without_a_word(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    waits = "sys.stdin.buffer.read(5); quit()"
    client, access, said = await serve(sys.executable, "-c", BEGIN + waits)
    for message in ("{", "[]", "3", '["resize", {}]', '["resize", null]', '["stdin"]', '["stdin", 3]'):
        page = await open_page(client, access)
        await page.send_str(message)
        await frames(page)
        assert page.close_code in (1000, 1003), message
    assert (said, caplog.text) == ([], "")


async def test_odd_text_reaches_the_screen_as_utf_8(serve: Serve) -> None:
    echoes = """
sys.stdin.buffer.read(1); size = int.from_bytes(sys.stdin.buffer.read(4), "big")
send(b"D", sys.stdin.buffer.read(size)); quit()
"""
    client, access, _ = await serve(sys.executable, "-c", BEGIN + echoes)
    page = await open_page(client, access)
    await page.send_str('["stdin", "a\\ud800é"]')
    (frame,) = await frames(page)
    assert frame.data == "a?é".encode()


async def test_only_links_of_the_web_are_opened(serve: Serve) -> None:
    links = """
for url in ("javascript:alert(1)", "file:///etc/passwd", "https://example.org/"):
    send(b"M", json.dumps({"type": "open_url", "url": url, "new_tab": True}).encode())
quit()
"""
    client, access, _ = await serve(sys.executable, "-c", BEGIN + links)
    page = await open_page(client, access)
    (message,) = await frames(page)
    assert json.loads(message.data) == ["open_url", {"url": "https://example.org/", "new_tab": True}]


async def delivered(page: aiohttp.ClientWebSocketResponse) -> str:
    async for message in page:
        if message.type is aiohttp.WSMsgType.TEXT:
            what, wish = json.loads(message.data)
            assert (what, wish["new_tab"]) == ("open_url", False)
            return wish["url"]
    raise AssertionError("the page was closed")


async def test_a_file_for_the_person_is_a_download_from_the_folder(serve: Serve) -> None:
    client, access, _ = await serve(sys.executable, "-c", FILE_APP)
    page = await open_page(client, access)
    address = await delivered(page)
    assert address.startswith(f"{access.folder}/download/")
    stranger = TestClient(client.server)
    assert (await stranger.get(address)).status == 403
    response = await client.get(address)
    assert (response.status, await response.text()) == (200, "row 1\nrow 2\n")
    assert response.headers["Content-Disposition"] == "attachment; filename=rows.jsonl"
    await stranger.session.close()
    await page.close()


async def test_a_page_that_does_not_read_does_not_hold_its_screen_up(serve: Serve) -> None:
    """A megabyte goes into pipes and buffers that hold far less; the screen ends all the same when the page does."""
    floods = 'send(b"D", b"%d" % os.getpid())\nfor _ in range(64): send(b"D", bytes(1 << 14))\nsys.stdin.read(1)'
    client, access, _ = await serve(sys.executable, "-c", BEGIN + floods)
    page = await open_page(client, access)
    pid = int(await page.receive_bytes())
    await page.close()
    await asyncio.to_thread(wait_for, seconds=60, condition=lambda: not alive(pid), what="the screen's end")


async def test_keys_pastes_and_sizes_reach_a_textual_app(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "said"
    client, access, said = await serve(sys.executable, "-c", TALKS, str(file))
    page = await open_page(client, access, size="?width=90&height=30")
    for message in (
        ["resize", {"width": 100, "height": 20}],
        ["stdin", "\x1b"],
        ["stdin", "\x1b[A"],
        ["stdin", "é"],
        ["stdin", "\x1b[?5z\x1b[200~one\ntwo\x1b[201~"],
        ["stdin", "\x1b[?2026;0$y"],
        ["stdin", "x"],
        ["focus"],
        ["ping", "5"],
        ["stdin", "q"],
    ):
        await page.send_json(message)
    shown = await frames(page)
    assert [json.loads(each.data) for each in shown if each.type is aiohttp.WSMsgType.TEXT] == [["pong", "5"]]
    lines = file.read_text().splitlines()
    assert lines.count("answer") == 1
    assert [line for line in lines if line.startswith("size")][-1] == "size 100 20"
    assert [line for line in lines if line.startswith(("key", "paste"))] == [
        "key escape",
        "key up",
        "key é",
        "paste 'one\\ntwo'",
        "key x",
    ]
    assert said == []
