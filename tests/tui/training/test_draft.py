"""What is typed into the form becomes exactly a job."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import pytest

from data.formats.mapping import FieldMapping
from engine.training.job import DatasetSection, MethodSection, TrainingJob
from tui.training.draft import Draft, SettingError, setting_error
from tui.training.settings import SETTINGS

JOB = TrainingJob(dataset=DatasetSection(path="pairs.jsonl"))


def test_the_form_has_every_field_of_a_job() -> None:
    shown = {setting.path for setting in SETTINGS}
    for field in fields(JOB):
        section = getattr(JOB, field.name)
        names = [f"{field.name}.{each.name}" for each in fields(section)] if is_dataclass(section) else [field.name]
        assert set(names) - shown <= {"dataset.held_out_fraction"}


def test_an_untouched_draft_is_the_job_it_was_made_from() -> None:
    job = TrainingJob(
        name="mine",
        dataset=DatasetSection(
            "a.jsonl",
            max_rows=64,
            held_out="b.jsonl",
            unusable="skip",
            mapping=FieldMapping(question="my q", answer="a"),
        ),
        method=MethodSection("full", 8, 32, 0.05),
    )
    assert Draft(job).job() == job
    assert Draft(JOB).job() == JOB


@pytest.mark.parametrize("text", ["question", "question=", "qestion=q, answer=a", "question=q"])
def test_a_mapping_that_cannot_be_used_is_named(text: str) -> None:
    draft = Draft(JOB)
    draft.set("dataset.mapping", text)
    with pytest.raises(SettingError, match=r"fields|mapping"):
        draft.job()


def test_every_setting_is_explained_in_at_most_two_lines() -> None:
    for setting in SETTINGS:
        assert 20 < len(setting.explanation) < 150
        assert setting.explanation.endswith(".")
        assert len(setting.label) <= 14


def test_the_learning_rate_follows_the_method_until_it_is_touched() -> None:
    draft = Draft(JOB)
    draft.set("method.kind", "full")
    assert draft.job().training.learning_rate == 1e-4
    draft.set("method.kind", "lora")
    assert draft.job().training.learning_rate == 1e-3
    draft.set("training.learning_rate", "5e-4")
    draft.set("method.kind", "full")
    assert draft.job().training.learning_rate == 5e-4


def test_alpha_follows_the_rank_until_it_is_touched() -> None:
    draft = Draft(JOB)
    draft.set("method.rank", "8")
    assert draft.job().method.alpha == 16
    draft.set("method.rank", "not yet a number")
    draft.set("method.alpha", "40")
    draft.set("method.rank", "16")
    assert draft.job().method.alpha == 40


@pytest.mark.parametrize(
    ("text", "file", "share"),
    [
        ("none", "", 0.0),
        ("", "", 0.0),
        ("10 %", "", 0.1),
        ("10%", "", 0.1),
        ("0.2", "", 0.2),
        (".05", "", 0.05),
        ("other.jsonl", "other.jsonl", 0.0),
    ],
)
def test_held_out_is_a_share_or_a_file(text: str, file: str, share: float) -> None:
    draft = Draft(JOB)
    draft.set("dataset.held_out", text)
    dataset = draft.job().dataset
    assert (dataset.held_out, dataset.held_out_fraction) == (file, share)
    assert Draft(draft.job()).job() == draft.job()


@pytest.mark.parametrize(("text", "rows"), [("all", 0), ("", 0), ("64", 64), ("first 64", 64), ("1,000", 1000)])
def test_rows_are_all_or_the_first_so_many(text: str, rows: int) -> None:
    draft = Draft(JOB)
    draft.set("dataset.max_rows", text)
    assert draft.job().dataset.max_rows == rows


def test_questions_stand_in_one_line() -> None:
    draft = Draft(JOB)
    draft.set("samples.questions", "What is it? | How fast?")
    assert draft.job().samples.questions == ("What is it?", "How fast?")


@pytest.mark.parametrize(
    ("path", "text", "sentence"),
    [
        ("dataset.max_rows", "many", "rows must be a whole number, or all."),
        ("dataset.held_out", "60 %", "held out must be a share of at most 50 %, a file, or none."),
        ("training.epochs", "0", "epochs must be more than 0."),
        ("training.epochs", "x", "epochs must be a number such as 0.1 or 1e-3."),
        ("training.batch_size", "2.5", "batch must be a whole number."),
        ("training.learning_rate", "2", "learning rate must be more than 0 and below 1."),
        ("training.learning_rate", "nan", "learning rate must be more than 0 and below 1."),
        ("training.max_length", "4", "max length must be 8 or more."),
        ("method.rank", "0", "rank must be 1 or more."),
        ("model", " ", "model is empty; give a name, a directory or a hub id."),
        ("dataset.path", "", "dataset is empty; give a dataset file."),
        ("method.dropout", "1", "dropout must be at least 0 and below 1."),
    ],
)
def test_a_mistake_is_one_sentence_about_its_setting(path: str, text: str, sentence: str) -> None:
    draft = Draft(JOB)
    draft.set(path, text)
    with pytest.raises(SettingError) as raised:
        draft.job()
    assert (raised.value.path, raised.value.sentence) == (path, sentence)


def test_a_suggestion_does_not_overwrite_what_the_person_wrote() -> None:
    draft = Draft(JOB)
    draft.suggest("dataset.path", "new.jsonl")
    assert draft.job().dataset.path == "new.jsonl"
    draft.set("dataset.path", "mine.jsonl")
    draft.suggest("dataset.path", "newer.jsonl")
    assert draft.job().dataset.path == "mine.jsonl"


def test_a_sentence_about_no_setting_stays_as_it_is() -> None:
    error = setting_error("There is no dataset file pairs.jsonl.")
    assert (error.path, error.sentence) == ("", "There is no dataset file pairs.jsonl.")
