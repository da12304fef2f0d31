"""The command line as a process that ctrl+c ends, wherever the tests run."""

from __future__ import annotations

import sys

COMMAND = (
    sys.executable,
    "-c",
    # A shell that runs the tests in the background has SIGINT ignored, and Python leaves it so.
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from tui.cli import main; sys.exit(main())",
)
