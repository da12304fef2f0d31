"""Whether a job can be run, found out before anything is started and without loading torch."""

from __future__ import annotations

from pathlib import Path

from data.errors import InputError
from data.templates import chosen_template, template_source
from engine.hardware.gpu import read_gpus
from engine.models.architecture import require_architecture
from engine.models.catalog import prepared
from engine.models.check import check_model, local_directory
from engine.models.shape import known_shape
from engine.models.weights import read_weights
from engine.training.counting import plan_of, require_context, require_optimizer
from engine.training.job import MethodSection, TrainingJob
from engine.training.memory import forecast, likely_longest, require_memory
from engine.training.methods.registry import method_of, require_goes_together, require_method
from engine.training.plan import Plan
from engine.training.room import Sizes, present_size, require_start
from engine.training.rows import load_rows


def check_job(job: TrainingJob, workspace: Path, run_folder: Path | None = None, *, queued: bool = False) -> Plan:
    """Read the data, look at the model, and count the steps.

    `run_folder` is that of a run which goes on. One that is `queued` may start when there is more memory than now.

    Raises InputError for what the person can mend (no such dataset, a row without an output, a model directory
    without weights), and BurnishError when the disk or the memory has no room for the run. A model that is still to
    be downloaded is not looked into; where its shape is known by its name, its memory is estimated all the same.
    """
    check_model(job.model, workspace=workspace)
    require_goes_together(job)
    directory = local_directory(job.model, workspace) or prepared(job.model)
    if job.template:
        template_source(job.template, workspace)
    if job.training.optimizer == "adamw-8bit":
        require_optimizer(job, gpu=bool(read_gpus()))
    rows = load_rows(job.dataset, workspace, job.stage)
    _refuse_unmeasured(job, len(rows.held_out))
    if directory is not None:
        require_architecture(directory)
        require_method(job, read_weights(directory))
        sizes = plan_sizes(directory, job.method)
        require_start(workspace, job, sizes, present=present_size(run_folder) if run_folder else 0)
    elif (shape := known_shape(job.model)) is not None:
        require_method(job, shape.weights)
    memory = forecast(job, directory, likely_longest(rows.train))
    if not queued:
        require_memory(memory, job)
    if directory is not None:
        require_context(directory, job.training.max_length)
    template = None if directory is None else chosen_template(job.template, directory, workspace)
    return plan_of(job, rows, template, memory)


def _refuse_unmeasured(job: TrainingJob, held_out: int) -> None:
    """Refuse what depends on a held-out loss where there is none."""
    wants = [
        name
        for name, wanted in (
            ("evaluation.stop_after", job.evaluation.stop_after > 0),
            ('checkpoints.best = "use"', job.checkpoints.best == "use"),
        )
        if wanted
    ]
    if wants and not held_out:
        raise InputError(
            f"{' and '.join(wants)} {'need' if len(wants) > 1 else 'needs'} rows that are held out; set "
            "dataset.held_out or dataset.held_out_fraction."
        )


def plan_sizes(directory: Path, method: MethodSection) -> Sizes:
    """What a run on this model writes. Raises InputError when its weights cannot be read."""
    weights = read_weights(directory)
    trained = method_of(method).trained(method, weights)
    frozen = 0 if method_of(method).adapter else 4 * (weights.parameters - trained)
    return Sizes(2 * weights.parameters, 4 * trained, frozen)
