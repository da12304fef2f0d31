"""What the demo works on: the bundled datasets in a folder, and the job that trains on them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from data.bundled import BUNDLED, bundled_path
from data.errors import InputError
from engine.training.job import DatasetSection, TrainingJob
from engine.training.presets import read_preset

MODEL = "smollm2-135m-instruct"
DATASET = "raspberry_pi.jsonl"


def copy_demo(folder: Path) -> Path:
    """Copy the bundled datasets into a folder, leaving files that are there already; gives the one to train on.

    Raises InputError when the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in BUNDLED:
            source = bundled_path(name)
            if not (folder / source.name).exists():
                shutil.copyfile(source, folder / source.name)
    except OSError as error:
        raise InputError(f"The demo's files could not be copied to {folder}: {error.strerror}.") from error
    return folder / DATASET


def demo_job(model: str = MODEL, dataset: str = DATASET) -> TrainingJob:
    """The demo's run, which is the preset "demo"; on another dataset nothing is held out."""
    job = replace(read_preset("demo").job, model=model)
    if dataset == DATASET:
        return job
    return replace(job, dataset=DatasetSection(dataset, max_rows=job.dataset.max_rows))
