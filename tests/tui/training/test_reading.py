"""What the form writes is read back as the same value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from data.errors import InputError
from data.formats.mapping import FieldMapping
from engine.training.job import DatasetSection, MixedDataset, TrainingJob
from tui.training.draft import Draft, SettingError, setting_error
from tui.training.settings import reading

JOB = TrainingJob(dataset=DatasetSection(path="pairs.jsonl"))


def mixed(typed: str) -> tuple[MixedDataset, ...]:
    draft = Draft(JOB)
    draft.set("dataset.mix", typed)
    return draft.job().dataset.mix


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ()),
        ("general.jsonl", (MixedDataset("general.jsonl"),)),
        ("general.jsonl × 0.5", (MixedDataset("general.jsonl", 0.5),)),
        ("a b.jsonl x 2 | c.csv", (MixedDataset("a b.jsonl", 2.0), MixedDataset("c.csv"))),
        ("box x1.jsonl * 3 (first 1,000)", (MixedDataset("box x1.jsonl", 3.0, 1000),)),
        (
            "c.csv (first 9; question=my q, answer=a)",
            (MixedDataset("c.csv", max_rows=9, mapping=FieldMapping(question="my q", answer="a")),),
        ),
    ],
)
def test_a_mix_as_it_is_typed(typed: str, meant: tuple[MixedDataset, ...]) -> None:
    assert mixed(typed) == meant
    assert mixed(reading.mix_text(meant)) == meant


@pytest.mark.parametrize("typed", ["a × much", "a × 0", "a (first few)", "a (question=q)", "a × -1 | b"])
def test_a_mix_that_cannot_be_used_is_marked(typed: str) -> None:
    with pytest.raises(SettingError) as caught:
        mixed(typed)
    assert caught.value.path == "dataset.mix"
    assert caught.value.sentence.startswith("mixed with")


@pytest.mark.parametrize(
    ("read", "typed", "value"),
    [
        (reading.names, "q_proj, v_proj  o_proj,", ("q_proj", "v_proj", "o_proj")),
        (reading.names, "", ()),
        (reading.or_word("never")[0], "Never", 0),
        (reading.or_word("never")[0], "3", 3),
        (reading.number_or_word("no limit")[0], "", 0.0),
        (reading.number_or_word("no limit")[0], "1.5", 1.5),
        (reading.switch, "on", True),
        (reading.switch, "off", False),
        (reading.whole, "12,000", 12000),
    ],
)
def test_values_as_they_are_typed(read: Callable[[str], Any], typed: str, value: object) -> None:
    assert read(typed) == value


@pytest.mark.parametrize("typed", ["a few", "", "1.5"])
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    with pytest.raises(InputError, match="whole number"):
        reading.whole(typed)


def test_a_sentence_is_about_the_setting_whose_name_it_begins_with() -> None:
    assert setting_error("run: dataset.mix[2].mapping: the mapping is short.").path == "dataset.mix"
    assert setting_error("run: dataset.weight must be more than 0.").path == "dataset.weight"
    assert setting_error("names are many.").path == ""
