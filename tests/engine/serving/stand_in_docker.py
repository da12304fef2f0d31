"""The one thing that cannot run here is docker: this takes its place, as a command of that name in PATH.

`run` starts the stand-in server on the published port, in a session of its own as a container is apart from the program
that started it, and stays attached; `stop` and `rm` end it by its name. What it was called with is in `$DOCKER_STATE`.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

STATE = Path(os.environ["DOCKER_STATE"])


def run(words: list[str]) -> int:
    """Start the server of a container and wait for its end."""
    name = words[words.index("--name") + 1]
    address, port, inside = words[words.index("--publish") + 1].split(":")
    at = words.index("serve")
    model, arguments = words[at + 1], words[at + 2 :]
    assert arguments[arguments.index("--port") + 1] == inside
    (STATE / f"{name}.json").write_text(json.dumps({"words": words, "key": os.environ["VLLM_API_KEY"]}))
    outside = {"--host": address, "--port": port}
    for option, value in outside.items():
        arguments[arguments.index(option) + 1] = value
    server = Path(__file__).with_name("stand_in.py")
    command = [sys.executable, str(server), "contained", "--model", model, *arguments]
    # The shell keeps its pid, so that it is known before the server answers.
    keeping = ["/bin/sh", "-c", 'echo $$ >"$0" && exec "$@"', str(STATE / f"{name}.pid")]
    return subprocess.run([*keeping, *command], start_new_session=True, check=False).returncode


def end(name: str, number: int) -> int:
    """Send a signal to all of a container."""
    pid = STATE / f"{name}.pid"
    if not pid.exists():
        print(f"Error response from daemon: No such container: {name}", file=sys.stderr)
        return 1
    stuck = STATE / "stuck"
    if stuck.exists() and stuck.read_text() == name:
        print(f"Error response from daemon: cannot stop container: {name}: permission denied", file=sys.stderr)
        return 1
    with suppress(ProcessLookupError):
        os.killpg(int(pid.read_text()), number)
    if number == signal.SIGKILL:
        pid.unlink()
    return 0


def main() -> int:
    """As docker's command line, as far as burnish calls it."""
    verb, *words = sys.argv[1:]
    with (STATE / "calls").open("a") as calls:
        calls.write(" ".join(sys.argv[1:]) + "\n")
    if verb == "run":
        return run(words)
    return end(words[-1], signal.SIGTERM if verb == "stop" else signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
