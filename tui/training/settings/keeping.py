"""Settings of what is measured and kept while a run goes, what it may take, and where it runs."""

from __future__ import annotations

from tui.training.settings import reading
from tui.training.settings.setting import Setting

_MEASURING = "measuring"
_CHECKPOINTS = "checkpoints and limits"
_MACHINES = "processes and machines"

KEEPING = (
    Setting(
        "evaluation.every_steps",
        "evaluate",
        "Steps between two measurements of the held-out loss, or each epoch. Each takes time.",
        *reading.or_word("each epoch"),
        group=_MEASURING,
    ),
    Setting(
        "evaluation.stop_after",
        "stop early",
        "Evaluations without a lower held-out loss after which the run ends. Usual: never, or 2 to 5.",
        *reading.or_word("never"),
        group=_MEASURING,
    ),
    Setting(
        "evaluation.row_losses",
        "row losses",
        "The loss of each row, measured at the end, for the dataset's table: under both models, under the tuned one, "
        "or off. auto: both for up to 5,000 rows.",
        reading.text,
        choices=("auto", "both", "tuned", "off"),
        group=_MEASURING,
    ),
    Setting(
        "samples.every_steps",
        "sample",
        "Steps between two sample answers, or each epoch. Each takes a few seconds.",
        *reading.or_word("each epoch"),
        group=_MEASURING,
    ),
    Setting(
        "samples.questions",
        "questions",
        "Questions to answer during the run, with | between them.",
        reading.questions,
        " | ".join,
        when_empty="the first two of the dataset",
        group=_MEASURING,
    ),
    Setting(
        "checkpoints.every_minutes",
        "save minutes",
        "Minutes between two checkpoints: what a run loses at most when the machine goes down. Usual: 10.",
        *reading.number_or_word("never"),
        group=_CHECKPOINTS,
    ),
    Setting(
        "checkpoints.every_steps",
        "save steps",
        "Steps between two checkpoints, besides those by minutes. Usual: none.",
        *reading.or_word("none"),
        group=_CHECKPOINTS,
    ),
    Setting(
        "checkpoints.keep",
        "keep",
        "How many of the newest checkpoints are kept; older ones are deleted. Usual: 2.",
        reading.whole,
        group=_CHECKPOINTS,
    ),
    Setting(
        "checkpoints.best",
        "best",
        "The checkpoint with the lowest held-out loss: off, keep it beside the newest, or use it as the tuned model.",
        reading.text,
        choices=("off", "keep", "use"),
        group=_CHECKPOINTS,
    ),
    Setting(
        "limits.hours",
        "most hours",
        "Hours of training after which the run saves and stops. Usual: no limit.",
        *reading.number_or_word("no limit"),
        group=_CHECKPOINTS,
    ),
    Setting(
        "limits.memory_gib",
        "most memory",
        "GiB of memory that the run may take. Usual: what is available at the start less a reserve for the machine.",
        *reading.number_or_word("what is available"),
        group=_CHECKPOINTS,
    ),
    Setting(
        "parallel.processes",
        "processes",
        "Training processes on each machine, one for each of its GPUs. Usual: 1.",
        reading.whole,
        group=_MACHINES,
    ),
    Setting(
        "parallel.machines",
        "machines",
        "Machines that train together; the run is started on each of them. Usual: 1.",
        reading.whole,
        group=_MACHINES,
    ),
    Setting(
        "parallel.sharding",
        "sharding",
        "none: every process holds the whole model; fsdp: each holds its share, for models that fit on no machine.",
        reading.text,
        choices=("none", "fsdp"),
        group=_MACHINES,
    ),
    Setting(
        "parallel.address",
        "address",
        "Where the processes of several machines meet: host:port of the first one (192.168.100.10:29500).",
        reading.text,
        when_empty="one machine needs none",
        group=_MACHINES,
    ),
)
