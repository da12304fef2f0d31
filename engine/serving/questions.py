"""Questions on which a base model and its tuned one should differ: what the run was asked, and what it was taught."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from data.errors import InputError
from data.formats.pair import Pair
from data.formats.reading import each_pair
from engine.training.job import TrainingJob

MOST = 8
"""Questions that are offered; each costs two short answers."""
LONGEST = 2000
"""Characters of a question; a longer one is passed over."""


def telling_questions(job: TrainingJob, workspace: Path) -> tuple[str, ...]:
    """The questions of a run's samples, then the first of its dataset; none where that cannot be read any more."""
    found = list(job.samples.questions)
    try:
        rows = each_pair(workspace / job.dataset.path, job.dataset.mapping)
        found += [row.question for row in islice(rows, MOST) if isinstance(row, Pair)]
    except (InputError, OSError):
        pass
    return tuple(dict.fromkeys(each for each in found if len(each) <= LONGEST))[:MOST]
