"""A small server in the place of vLLM, run as a process of its own: what it does is said by `behaviour` in the model.

`ready`: answers /health, with a child as vLLM has one. `fail`: prints the rest of the file and ends. `silent`: ends
without a word. `wait`: answers once the file `go` is in the model's directory.

All that start also take adapters and speak: the base says "1 2 3", a tuned model "1 9 3" (each number a token). With
`mixing` the base says what the tuned model says while that is in the middle of an answer, `dull` ones say the same
always, and those of `faint` differ where the base could as well say the other.
"""

from __future__ import annotations

import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

BASE, TUNED = (1, 2, 3), (1, 9, 3)


class Handler(http.server.BaseHTTPRequestHandler):
    """Healthy."""

    behaviour = ""
    rank = 0
    speaking = 0

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health" else 404)
        self.end_headers()

    def do_POST(self) -> None:
        body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["Authorization"] != f"Bearer {os.environ['VLLM_API_KEY']}":
            self._say(401, {"error": "Unauthorized"})
        elif self.path == "/v1/load_lora_adapter":
            self._load(body)
        elif self.path != "/v1/chat/completions":
            self._say(404, {"error": "Not Found"})
        elif body.get("stream"):
            self._stream()
        else:
            self._say(200, {"choices": [{"logprobs": {"content": self._places(body["model"])}}]})

    def _load(self, body: dict[str, Any]) -> None:
        folder = Path(body["lora_path"])
        config = json.loads((folder / "adapter_config.json").read_bytes())
        assert (folder / "adapter_model.safetensors").read_bytes()
        assert body["load_inplace"]
        if config["r"] > self.rank:
            message = f"LoRA rank {config['r']} is greater than max_lora_rank {self.rank}."
            self._say(500, {"error": {"message": message}})
            return
        with Path("loaded").open("a") as file:
            file.write(f"{body['lora_name']} {folder}\n")
        self._say(200, "Success")

    def _places(self, model: str) -> list[dict[str, Any]]:
        mixed = self.behaviour == "mixing" and Handler.speaking > 0
        tokens = TUNED if (model == "tuned" and self.behaviour != "dull") or mixed else BASE
        other = -0.9 if self.behaviour == "faint" else -5.0
        return [
            {
                "token": f"token_id:{token}",
                "top_logprobs": [
                    {"token": f"token_id:{token}", "logprob": -0.5},
                    {"token": f"token_id:{TUNED[place] if token == BASE[place] else BASE[place]}", "logprob": other},
                ],
            }
            for place, token in enumerate(tokens)
        ]

    def _stream(self) -> None:
        self.send_response(200)
        self.end_headers()
        Handler.speaking += 1
        try:
            while True:
                self.wfile.write(b"data: {}\n\n")
                self.wfile.flush()
                threading.Event().wait(0.01)
        except OSError:
            Handler.speaking -= 1

    def _say(self, status: int, what: object) -> None:
        text = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


def main() -> None:
    arguments = dict(zip(sys.argv[2::2], sys.argv[3::2], strict=False))
    model = Path(arguments["--model"])
    behaviour, _, rest = (model / "behaviour").read_text().partition("\n")
    if behaviour in ("fail", "silent"):
        # Real ones take seconds to fail; one that is gone before it is known as a process is another failure.
        while not Path("process.json").exists():
            threading.Event().wait(0.02)
        if behaviour == "fail":
            print(rest)
        sys.exit(1)
    subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    while behaviour == "wait" and not (model / "go").exists():
        threading.Event().wait(0.02)
    Path("ready").write_text(str(time.time()))
    Handler.behaviour = behaviour
    if "--max-lora-rank" in sys.argv:
        Handler.rank = int(sys.argv[sys.argv.index("--max-lora-rank") + 1])
    address = (arguments["--host"], int(arguments["--port"]))
    http.server.ThreadingHTTPServer(address, Handler).serve_forever()


if __name__ == "__main__":
    main()
