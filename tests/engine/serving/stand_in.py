"""A small server in the place of vLLM, run as a process of its own: what it does is said by `behaviour` in the model.

`ready`: answers /health, with a child as vLLM has one. `fail`: prints the rest of the file and ends. `silent`: ends
without a word. `wait`: answers once the file `go` is in the model's directory.
"""

from __future__ import annotations

import http.server
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path


class Handler(http.server.BaseHTTPRequestHandler):
    """Healthy."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health" else 404)
        self.end_headers()


def main() -> None:
    arguments = dict(zip(sys.argv[2::2], sys.argv[3::2], strict=False))
    model = Path(arguments["--model"])
    behaviour, _, rest = (model / "behaviour").read_text().partition("\n")
    if behaviour == "fail":
        print(rest)
        sys.exit(1)
    if behaviour == "silent":
        sys.exit(1)
    subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    while behaviour == "wait" and not (model / "go").exists():
        threading.Event().wait(0.02)
    Path("ready").write_text(str(time.time()))
    http.server.HTTPServer((arguments["--host"], int(arguments["--port"])), Handler).serve_forever()


if __name__ == "__main__":
    main()
