"""The job file: what it says comes back, and what it says wrongly is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import InputError
from data.formats.mapping import FieldMapping
from engine.training.job import DatasetSection, MixedDataset, ParallelSection, TrainingJob, job_text, read_job


def saved(folder: Path, text: str) -> Path:
    path = folder / "job.toml"
    path.write_text(text)
    return path


def test_a_mapping_is_kept(tmp_path: Path) -> None:
    mapping = FieldMapping(question='die "Frage"', answer="a\x7fé")
    job = TrainingJob(dataset=DatasetSection("rows.csv", unusable="skip", mapping=mapping))
    assert read_job(saved(tmp_path, job_text(job))) == job
    plain = TrainingJob(dataset=DatasetSection("rows.csv"))
    assert "mapping" not in job_text(plain)
    assert read_job(saved(tmp_path, job_text(plain))) == plain


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            '[dataset.mapping]\nqestion = "q"',
            "no setting dataset.mapping.qestion; did you mean dataset.mapping.question?",
        ),
        ('[dataset.mapping]\nquestion = "q"', "dataset.mapping: the mapping needs question and answer"),
        ("[dataset.mapping]\nquestion = 3", "dataset.mapping.question is 3"),
        ('mapping = "q"', "dataset.mapping must be a table"),
        ('unusable = "drop"', "it can be refuse, skip"),
    ],
)
def test_a_mapping_that_cannot_be_used(tmp_path: Path, lines: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        read_job(saved(tmp_path, f'[dataset]\npath = "x"\n{lines}'))
    assert sentence in caught.value.sentence


def test_mixed_datasets_are_kept(tmp_path: Path) -> None:
    mixed = MixedDataset("other.csv", weight=0.5, max_rows=9, mapping=FieldMapping(question="q", answer="a"))
    job = TrainingJob(dataset=DatasetSection("rows.csv", mix=(mixed, MixedDataset("third.jsonl"))))
    assert read_job(saved(tmp_path, job_text(job))) == job


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ('mix = "other.csv"', "dataset.mix must be a list of tables, each written [[dataset.mix]]"),
        ('[[dataset.mix]]\nfile = "y"', "there is no setting dataset.mix[1].file; known here: path"),
        ("[[dataset.mix]]\nweight = 1", "dataset.mix has a dataset without a path"),
        ('[[dataset.mix]]\npath = "y"\nweight = 0', "dataset.mix has a weight that is not more than 0"),
        ('[[dataset.mix]]\npath = "y"\n[dataset.mix.mapping]\nquestion = "q"', "dataset.mix[1].mapping: the mapping"),
    ],
)
def test_a_mix_that_cannot_be_used(tmp_path: Path, lines: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        read_job(saved(tmp_path, f'[dataset]\npath = "x"\n{lines}'))
    assert sentence in caught.value.sentence


def test_what_is_spread_over_machines_is_kept(tmp_path: Path) -> None:
    parallel = ParallelSection(processes=2, machines=2, sharding="fsdp", address="192.168.100.10:29500")
    job = TrainingJob(dataset=DatasetSection("rows.csv"), parallel=parallel)
    assert read_job(saved(tmp_path, job_text(job))) == job
    assert parallel.world_size == 4


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("processes = 0", "parallel.processes must be 1 or more"),
        ("machines = 0", "parallel.machines must be 1 or more"),
        ('sharding = "fsdp"', "shares a model out among processes; raise parallel.processes or parallel.machines"),
        ("machines = 2", "parallel.address must say where the machines meet, as host:port of the first one"),
        ('machines = 2\naddress = "spark-1"', "parallel.address must say where the machines meet"),
        ('sharding = "zero"', "it can be none, fsdp"),
    ],
)
def test_a_spread_that_cannot_be_used(tmp_path: Path, lines: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        read_job(saved(tmp_path, f'[dataset]\npath = "x"\n[parallel]\n{lines}'))
    assert sentence in caught.value.sentence
