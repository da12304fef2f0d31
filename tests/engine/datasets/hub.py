"""A hub of one dataset, on this machine: just enough for the hub's real client."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DATASET = "owner/rows"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
CONVERTED = "refs%2Fconvert%2Fparquet"


class _Hub(BaseHTTPRequestHandler):
    files: Mapping[str, bytes]
    converted: Mapping[str, bytes]
    asked: list[str]

    def do_HEAD(self) -> None:
        """Metadata of a file."""
        self._answer(with_body=False)

    def do_GET(self) -> None:
        """The dataset's description, or a file."""
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        path = self.path.partition("?")[0]
        files = self.converted if CONVERTED in path else self.files
        if path in (f"/api/datasets/{DATASET}", f"/api/datasets/{DATASET}/revision/{CONVERTED}"):
            if not files:
                self._fail("RevisionNotFound")
                return
            siblings = [{"rfilename": name, "size": len(content)} for name, content in files.items()]
            described = {"id": DATASET, "sha": COMMIT, "siblings": siblings}
            self._send(json.dumps(described).encode(), with_body=with_body)
        elif path.startswith(f"/datasets/{DATASET}/resolve/"):
            name = path.split("/resolve/", 1)[1].split("/", 1)[1]
            if name not in files:
                self._fail("EntryNotFound")
                return
            self.asked.append(name)
            self._send(files[name], with_body=with_body)
        else:
            self._fail("RepoNotFound")

    def _fail(self, code: str) -> None:
        self.send_response(404)
        self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, body: bytes, *, with_body: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - named by the base class
        """Say nothing."""


@contextmanager
def hub_with(
    files: Mapping[str, bytes], converted: Mapping[str, bytes] | None = None
) -> Iterator[tuple[str, list[str]]]:
    """Serve one dataset; gives the address, and the files asked for so far."""
    asked: list[str] = []
    handler = type("Hub", (_Hub,), {"files": files, "converted": converted or {}, "asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
