"""`python -m tests.bench.memory [METHOD …]`: what runs were estimated to take, and what they took.

Each run is a process of its own on the embedded model, two steps at the longest rows and the saving, whose peak the
kernel counts. An estimate below it is a miss, and so is one of more than twice as much.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.models.catalog import prepared
from engine.models.shape import read_shape
from engine.training.control import RunControl
from engine.training.estimate import GIB, estimate_memory
from engine.training.job import TrainingJob
from engine.training.runs import create_run
from tests.tiny import write_rows

BATCH, LENGTH = 4, 256
CASES: dict[str, dict[str, Any]] = {
    "lora": {"method": {"kind": "lora"}},
    "qlora": {"method": {"kind": "qlora"}},
    "freeze": {"method": {"kind": "freeze"}},
    "full": {"method": {"kind": "full"}, "training": {"learning_rate": 1e-5}},
}
MOST = 2.0
"""How many times too high an estimate may be."""


def job_of(sections: dict[str, Any]) -> TrainingJob:
    """Two steps of full batches of rows that are all as long as they may be."""
    values: dict[str, dict[str, Any]] = {
        "dataset": {"path": "data.jsonl"},
        "training": {"epochs": 1.0, "batch_size": BATCH, "max_length": LENGTH},
        "evaluation": {"row_losses": "off"},
        "checkpoints": {"every_steps": 1, "best": "off"},
        "method": {},
    }
    job = TrainingJob()
    for name, section in values.items():
        job = replace(job, **{name: replace(getattr(job, name), **(section | sections.get(name, {})))})
    return job


def measure(workspace: Path, job: TrainingJob) -> int:
    """The most memory that the run's process had, in bytes."""
    run = create_run(workspace, job)
    with (run / "log.txt").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "engine.training.worker", str(run)], stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit((run / "log.txt").read_text()[-2000:])
    return usage.ru_maxrss * 1024


def main() -> int:
    """Print both for each case; 1 when an estimate is a miss."""
    met = True
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        write_rows(workspace / "data.jsonl", [(f"Row {each}?", "word " * 4 * LENGTH) for each in range(2 * BATCH)])
        RunControl(workspace).prepare(job_of({}), lambda note: None)
        directory = prepared(TrainingJob().model)
        assert directory is not None
        print(f"memory, batches of {BATCH} × {LENGTH} tokens, in GiB: estimated, measured, ratio")
        for name in sys.argv[1:] or CASES:
            job = job_of(CASES[name])
            estimate = estimate_memory(job, read_shape(directory), gpu=False, bf16=_bf16())
            taken = measure(workspace, job)
            ratio = estimate.total / taken
            good = 1 <= ratio <= MOST
            met &= good
            mark = "" if good else "  MISSED"
            print(f"  {name:<26}{estimate.total / GIB:8.2f}{taken / GIB:8.2f}{ratio:8.2f}{mark}", flush=True)
            print("\n".join(f"    {line}" for line in estimate.lines()))
    return 0 if met else 1


def _bf16() -> bool:
    from engine.training.loading import choose_arithmetic

    return choose_arithmetic("auto").bf16


if __name__ == "__main__":
    sys.exit(main())
