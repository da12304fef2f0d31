"""What the demo works on: the bundled datasets in a folder, and the job that trains on them."""

from __future__ import annotations

import shutil
from pathlib import Path

from data.bundled import BUNDLED, bundled_path
from data.errors import InputError
from engine.training.job import DatasetSection, EvaluationSection, SampleSection, TrainingJob

MODEL = "smollm2-135m-instruct"
DATASET = "raspberry_pi.jsonl"
HELD_OUT = "raspberry_pi_paraphrased.jsonl"
HELD_OUT_ROWS = 32
ROWS = 64
"""Rows the demo trains on: as many as a processor of two cores learns by heart in about a minute."""


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
    """The demo's run: an adapter on the first rows of the dataset, watched on paraphrases it never sees."""
    bundled = dataset == DATASET
    return TrainingJob(
        model=model,
        dataset=DatasetSection(
            path=dataset,
            max_rows=ROWS,
            held_out=HELD_OUT if bundled else "",
            max_held_out_rows=HELD_OUT_ROWS if bundled else 0,
        ),
        # Every second epoch: measuring on a processor costs about as long as training on the same rows.
        evaluation=EvaluationSection(every_steps=2 * ROWS // 8),
        samples=SampleSection(every_steps=2 * ROWS // 8),
    )
