"""A run that is killed at random moments, also while it saves, ends with the bits of one that is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys

TIMES = os.environ.get("BURNISH_TEST_KILLS", "3")
"""20 take about a minute."""


def test_killed_again_and_again_the_weights_are_the_same() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.kills", TIMES], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["kills"] == int(TIMES), said
    assert said["inside_a_save"] >= 1, said
    assert said["same_weights"], said
