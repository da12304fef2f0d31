"""What is refused before any server is started."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from data.errors import InputError
from engine.reports import Report
from engine.serving.supervisor import ServerSupervisor
from engine.training.job import DatasetSection, MethodKind, MethodSection, TrainingJob
from engine.training.runs import create_run


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (
            "prompt-tuning",
            r"^Run .*-001 cannot be served: prompt-tuning leaves vectors .*; train with lora",
        ),
        ("prefix-tuning", r"^Run .*-001 cannot be served: prefix-tuning leaves vectors"),
        ("lora", r"^Run .*-001 has left no model yet; serve it when it has finished\.$"),
    ],
)
async def test_a_run_without_a_model_is_not_served(tmp_path: Path, kind: MethodKind, sentence: str) -> None:
    job = replace(TrainingJob(dataset=DatasetSection("data.jsonl")), method=MethodSection(kind))
    run = create_run(tmp_path, job)
    said: list[Report] = []
    with pytest.raises(InputError, match=sentence):
        await ServerSupervisor(tmp_path, said.append).serve_run(run.name)
    assert not said
