"""`burnish --web` where it cannot serve: one sentence, and nothing is left."""

from __future__ import annotations

import logging
import re
import signal
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tui.cli import main
from tui.crash_log import state_folder
from tui.web.complaints import in_sentences

SERVE = (sys.executable, "-m", "tui.cli", "--web")


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(list(words))
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return code, err


def test_a_port_that_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, sentence = said(capsys, str(tmp_path), "--web", "--port", str(port))
    assert code == 2
    assert sentence == (
        f"burnish: Port {port} of 127.0.0.1 cannot be used (Address already in use); choose another with --port, or "
        "leave it out for a free one.\n"
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--web", "--port", "99999"), "99999 is no port"),
        (("--web", "--port", "-1"), "-1 is no port"),
        (("--web", "--host", "no.such.host.invalid"), "There is no address no.such.host.invalid to listen on"),
        (("--web", "--host", "192.0.2.1"), "Port 0 of 192.0.2.1 cannot be used"),
        (("--web", "nowhere"), "There is no file or folder nowhere"),
        (("--port", "8000"), "give --web too"),
        (("--host", "127.0.0.1"), "give --web too"),
    ],
)
def test_what_cannot_be_served(words: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = said(capsys, *words)
    assert code == 2
    assert sentence in found


def test_a_file_that_is_no_dataset(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.parquet").write_bytes(b"\x00\x01")
    code, _ = said(capsys, "--web", str(tmp_path / "notes.parquet"))
    assert code == 2


def test_without_textual_serve(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    code, sentence = said(capsys, "--web", str(tmp_path))
    assert code == 2
    assert sentence == "burnish: `burnish --web` needs textual-serve: pip install 'burnish[web]'.\n"


def test_the_screen_alone_needs_nothing_of_the_web() -> None:
    code = "import sys; import tui.app, tui.cli, tui.commands.workbench; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {name.split(".")[0] for name in done.stdout.split()} & {"aiohttp", "textual_serve"}


def test_the_help_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "--web" in capsys.readouterr().out
    assert (Path(import_module("tui").__path__[0]).parent / "docs" / "web.md").is_file()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_says_its_address_and_ends_without_a_word(tmp_path: Path, ending: signal.Signals) -> None:
    with subprocess.Popen([*SERVE, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert re.fullmatch(
            r"The workbench is at http://127\.0\.0\.1:\d+/\?token=[\w-]{43}\n", server.stdout.readline()
        )
        server.stdout.readline()
        assert "ssh -L" in server.stdout.readline()
        server.send_signal(ending)
        assert server.communicate(timeout=60) == ("", "")
    assert server.returncode == 0


GARBAGE = (
    b"\x16\x03\x01\x02\x00\x01\x00" + bytes(range(256)),
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -4\r\n\r\n",
    b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET /?token=%ff HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: \xff\r\nCookie: \xff\xfe=1;;;=\r\n\r\n",
    b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
)


def test_what_is_no_request_is_refused_and_not_printed(tmp_path: Path) -> None:
    words = [*SERVE, str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        said = [server.stdout.readline() for _ in range(3)]
        port = re.search(r":(\d+)/", said[0])
        assert port is not None
        for sent in GARBAGE:
            with socket.create_connection(("127.0.0.1", int(port[1])), timeout=60) as stranger:
                stranger.sendall(sent)
                assert stranger.recv(12)[-3:] in (b"400", b"403"), sent
        server.terminate()
        assert server.communicate(timeout=60) == ("", "")


def test_a_mistake_of_ours_is_a_sentence_and_its_details_are_in_the_log(tmp_path: Path) -> None:
    said: list[str] = []
    with in_sentences(said.append):
        try:
            raise KeyError("something")
        except KeyError:
            logging.getLogger("aiohttp.server").exception("Error handling request")
    (sentence,) = said
    assert sentence.startswith("burnish: KeyError inside burnish, which is our mistake; details: ")
    assert "Traceback" in (state_folder() / "crash.log").read_text(encoding="utf-8")


def test_a_server_for_other_machines_warns(tmp_path: Path) -> None:
    words = [*SERVE, str(tmp_path), "--host", "0.0.0.0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        said = [server.stdout.readline() for _ in range(3)]
        server.terminate()
        server.communicate(timeout=60)
    assert f"http://{socket.gethostname()}:" in said[0]
    assert "not encrypted" in said[2]
