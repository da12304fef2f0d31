"""A model hub of one model, on this machine: just enough for the hub's real client."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_COMMIT = "0123456789abcdef0123456789abcdef01234567"


class _Hub(BaseHTTPRequestHandler):
    folder: Path
    broken: bool

    def do_HEAD(self) -> None:
        """Metadata of a file."""
        self._answer(with_body=False)

    def do_GET(self) -> None:
        """The model's description, or a file."""
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        path = self.path.partition("?")[0]
        files = sorted(file.name for file in self.folder.iterdir())
        if path.startswith("/api/models/"):
            if "/tree/" in path:
                body = json.dumps(
                    [
                        {"type": "file", "path": name, "oid": _COMMIT, "size": (self.folder / name).stat().st_size}
                        for name in files
                    ]
                ).encode()
            else:
                described = {"id": "x/y", "sha": _COMMIT, "siblings": [{"rfilename": name} for name in files]}
                body = json.dumps(described).encode()
            self._send(body, with_body=with_body, kind="application/json")
            return
        name = path.rpartition("/")[2]
        if self.broken or "/resolve/" not in path or name not in files:
            self.send_error(404)
            return
        self._send((self.folder / name).read_bytes(), with_body=with_body, kind="application/octet-stream")

    def _send(self, body: bytes, *, with_body: bool, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
        self.send_header("X-Repo-Commit", _COMMIT)
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - named by the base class
        """Say nothing."""


@contextmanager
def hub_with(model: Path, *, broken: bool = False) -> Iterator[str]:
    """Serve the files of a directory as every model there is; gives the address. A broken hub serves no file."""
    handler = type("Hub", (_Hub,), {"folder": model, "broken": broken})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
