"""The process behind one page: `python -m tui.web.screen WORKSPACE [DATASET]`, started by the web server."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Show the workbench to the pipe that is standard output until the page is closed; gives the exit code."""
    from tui.app import BurnishApp

    workspace, *dataset = map(Path, sys.argv[1:])
    app = BurnishApp(workspace, dataset=dataset[0] if dataset else None)
    app.run()
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
