"""What a batch asks, and what it keeps of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from data.errors import BurnishError, InputError
from engine.chat.arms import Arm, default_arms
from engine.chat.sampling import Sampling
from engine.evaluation.asked_rows import questions_of
from engine.evaluation.batch import create_batch, evaluations_folder, list_batches, read_batch, read_questions
from engine.evaluation.results import Results
from engine.training.job import DatasetSection, TrainingJob
from engine.training.runs import create_run


def written(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def pairs(count: int, first: int = 0) -> list[dict[str, object]]:
    return [{"prompt": f"Question {n}?", "completion": f"Answer {n}."} for n in range(first, first + count)]


def test_some_rows_are_spread_evenly(tmp_path: Path) -> None:
    written(tmp_path / "pairs.jsonl", pairs(100))
    assert [each.row for each in questions_of(tmp_path, "pairs.jsonl", 5).questions] == [1, 21, 41, 61, 81]
    assert len(questions_of(tmp_path, "pairs.jsonl").questions) == 100
    assert len(questions_of(tmp_path, "pairs.jsonl", 1000).questions) == 100
    chosen = questions_of(tmp_path, "pairs.jsonl", 7)
    assert [each.number for each in chosen.questions] == [1, 2, 3, 4, 5, 6, 7]
    assert [each.text for each in chosen.questions] == [f"Question {each.row - 1}?" for each in chosen.questions]


def test_the_rows_that_a_run_held_out_are_asked(tmp_path: Path) -> None:
    written(tmp_path / "pairs.jsonl", pairs(20))
    written(tmp_path / "test.jsonl", pairs(4, 50))
    by_file = TrainingJob(name="x", dataset=DatasetSection(path="pairs.jsonl", held_out="test.jsonl"))
    by_share = TrainingJob(name="x", dataset=DatasetSection(path="pairs.jsonl", held_out_fraction=0.2))
    none = TrainingJob(name="x", dataset=DatasetSection(path="pairs.jsonl"))
    ids = [create_run(tmp_path, job).name for job in (by_file, by_share, none)]
    first = questions_of(tmp_path, ids[0])
    assert [each.text for each in first.questions] == [f"Question {n}?" for n in range(50, 54)]
    assert (first.dataset.name, first.examples.name, first.name) == ("test.jsonl", "pairs.jsonl", ids[0])
    second = questions_of(tmp_path, ids[1])
    assert len(second.questions) == 4
    assert all(each.reference == f"Answer {each.row - 1}." for each in second.questions)
    with pytest.raises(InputError, match=f"{ids[2]} held out no row"):
        questions_of(tmp_path, ids[2])
    with pytest.raises(InputError, match="neither a run nor a file nothing-001"):
        questions_of(tmp_path, "nothing-001")


def test_rows_that_ask_nothing_are_passed_over_and_counted(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"messages": [{"role": "user", "content": "One?"}, {"role": "assistant", "content": "1"}]},
        {"messages": [{"role": "user", "content": "Two?"}]},
        {"messages": [{"role": "user", "content": "  "}, {"role": "assistant", "content": "3"}]},
        {"messages": [{"role": "assistant", "content": "4"}]},
        {"messages": [{"role": "user", "content": "5?"}, {"role": "assistant", "content": "5", "tool_calls": [{}]}]},
    ]
    written(tmp_path / "chats.jsonl", rows)
    asked = questions_of(tmp_path, "chats.jsonl")
    assert [(each.text, each.reference) for each in asked.questions] == [("One?", "1"), ("Two?", None)]
    assert asked.passed_over == 3
    written(tmp_path / "empty.jsonl", rows[3:4])
    with pytest.raises(InputError, match="no row with a question"):
        questions_of(tmp_path, "empty.jsonl")


def test_a_batch_says_what_it_was_made_of_and_survives_its_dataset(tmp_path: Path) -> None:
    path = written(tmp_path / "Pairs & Co.jsonl", pairs(3))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    asked = questions_of(tmp_path, path.name)
    arms = (*default_arms(), Arm("few", "base", examples=2, nearest=True))
    made = create_batch(tmp_path, asked, arms, Sampling(seed=None, max_tokens=9))
    assert made.id == "pairs-co-001"
    path.unlink()
    found = read_batch(tmp_path, made.id)
    assert found == made
    assert (found.sha256, found.rows, found.total, found.dataset) == (digest, 3, 9, path.name)
    assert found.arms[2].dataset == path.name
    assert found.sampling == Sampling(seed=None, max_tokens=9)
    assert read_questions(found) == asked.questions
    assert [row.question for row in Results.read(found).rows] == list(asked.questions)
    written(path, pairs(1))
    again = create_batch(tmp_path, questions_of(tmp_path, path.name), arms, Sampling())
    assert again.id == "pairs-co-002"
    assert {each.id for each in list_batches(tmp_path)} == {made.id, again.id}


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    written(tmp_path / "pairs.jsonl", pairs(2))
    made = create_batch(tmp_path, questions_of(tmp_path, "pairs.jsonl"), default_arms(), Sampling())
    for missing in ("../pairs-001", "nothing", ""):
        with pytest.raises(InputError, match="There is no evaluation"):
            read_batch(tmp_path, missing)
    (made.folder / "questions.jsonl").write_text("{}\n")
    with pytest.raises(InputError, match="start a new evaluation"):
        read_questions(made)
    (made.folder / "evaluation.toml").write_text("rows = 'many'\n")
    with pytest.raises(InputError, match="cannot be read as an evaluation"):
        read_batch(tmp_path, made.id)
    assert list_batches(tmp_path) == []
    with pytest.raises(InputError, match="Two arms are called base"):
        create_batch(tmp_path, questions_of(tmp_path, "pairs.jsonl"), (Arm("base", "a"), Arm("base", "b")), Sampling())
    assert len(list(evaluations_folder(tmp_path).iterdir())) == 1


def test_a_workspace_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    written(tmp_path / "pairs.jsonl", pairs(2))
    (tmp_path / ".burnish").write_text("in the way")
    with pytest.raises(BurnishError, match="No evaluation can be kept"):
        create_batch(tmp_path, questions_of(tmp_path, "pairs.jsonl"), default_arms(), Sampling())
