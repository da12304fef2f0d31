"""`make bench`: every figure that docs/benchmarks.md keeps, measured in one run."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from engine.demo.files import copy_demo
from tests.bench import keys, startup

SCRIPTS = {
    "monitor": "tests.bench.monitor",
    "being watched": "tests.bench.watched",
    "facts": "tests.bench.facts",
    "row store": "tests.bench.store",
    "two answers of 300 tokens a second": "tests.bench.compare",
    "two real vLLM servers": "tests.bench.compare_vllm",
}
"""Benchmarks that are programs of their own; 1 where they miss a target."""


def main() -> int:
    """Print all figures; 1 when a target is missed."""
    met = True
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        copy_demo(workspace)
        print("start-up (120×40, medians)")
        met &= startup.main(workspace)
        print("typing while a training run has every processor")
        met &= keys.main(workspace)
    for name, module in SCRIPTS.items():
        print(name, flush=True)
        met &= subprocess.run([sys.executable, "-m", module], check=False).returncode == 0
    print("every target is met" if met else "a target is MISSED")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
