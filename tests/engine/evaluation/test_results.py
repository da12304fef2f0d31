"""The file of results: cut off anywhere, with foreign lines in it, written by one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import BurnishError, InputError
from engine.chat.arms import default_arms
from engine.chat.sampling import Sampling
from engine.evaluation.asked_rows import questions_of
from engine.evaluation.batch import RESULTS, Batch, create_batch
from engine.evaluation.judging import Answered, compare_answers, judge_answer
from engine.evaluation.results import Results, appending, at_work
from engine.evaluation.summary import summarise
from tests.engine.evaluation.test_asking import dataset, right


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    workspace = tmp_path_factory.mktemp("workspace")
    dataset(workspace)
    return create_batch(workspace, questions_of(workspace, "pairs.jsonl"), default_arms(), Sampling())


def answers(batch: Batch) -> Iterator[Answered]:
    """Base is wrong about every second row, tuned fails once."""
    for row in Results.read(batch).rows:
        question = row.question
        for arm in ("base", "tuned"):
            text = "It runs at 9 MHz." if arm == "base" and question.number % 2 else right(question.text)
            if (arm, question.number) == ("tuned", 4):
                yield Answered(4, arm, error="It is busy.")
                continue
            verdict, reason = judge_answer(question, text)
            yield Answered(question.number, arm, text, verdict=verdict, reason=reason, tokens=7, seconds=0.5)


def fill(batch: Batch, *, until: int | None = None) -> Results:
    """Write all answers, or the first ones, with their comparisons, and read them back."""
    (batch.folder / RESULTS).unlink(missing_ok=True)
    results = Results.read(batch)
    given = list(answers(batch))[:until]
    with appending(batch) as log:
        for answered in given:
            log.write(answered)
            results.take(answered)
            for compared in results.comparisons(answered.number):
                log.write(compared)
                results.take(compared)
    assert Results.read(batch).rows == results.rows
    return results


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_cut_costs_what_stood_behind_it(batch: Batch, data: st.DataObject) -> None:
    whole = fill(batch)
    path = batch.folder / RESULTS
    content = path.read_bytes()
    at = data.draw(st.integers(0, len(content)))
    tail = data.draw(st.sampled_from([b"", b"\0\0\0", b"{", b'{"kind": "answered"', b"\xff\xfe"]))
    path.write_bytes(content[:at] + tail)
    found = Results.read(batch)
    complete = content[:at].count(b'"kind": "answered"') - (b'"kind": "answered"' in content[:at].rpartition(b"\n")[2])
    known = sum(answer is not None for row in found.rows for answer in row.answers)
    # A line that lacks nothing but its end is as good as whole.
    assert known in (complete, complete + 1)
    for ours, theirs in zip(found.rows, whole.rows, strict=True):
        for place, answer in enumerate(ours.answers):
            assert answer is None or answer == theirs.answers[place]
        if all(answer is not None and not answer.error for answer in ours.answers):
            assert ours.compared == theirs.compared
    missing = {(row.number, place) for row, place in found.missing()}
    assert len(missing) == 10 - found.answered
    with appending(batch) as log:
        for answered in answers(batch):
            if (answered.number, ("base", "tuned").index(answered.arm)) in missing:
                log.write(answered)
    assert Results.read(batch).rows == whole.rows


def test_foreign_lines_are_passed_over(batch: Batch) -> None:
    whole = fill(batch)
    lines: list[object] = [
        7,
        {"kind": "else"},
        {"kind": "answered"},
        {"kind": "answered", "number": 99, "arm": "base"},
        {"kind": "answered", "number": 0, "arm": "base"},
        {"kind": "answered", "number": 1, "arm": "nobody"},
        {"kind": "answered", "number": 1, "arm": "base", "verdict": "<b>"},
        {"kind": "answered", "number": 1, "arm": "base", "text": 5},
        {"kind": "compared", "number": 1, "arm": "nobody", "different": True},
        {"kind": "answered", "number": 1, "arm": "base", "later": "version"},
    ]
    with (batch.folder / RESULTS).open("a") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    assert Results.read(batch).rows == whole.rows


def test_a_second_answer_replaces_the_first_and_what_was_compared_with_it(batch: Batch) -> None:
    results = fill(batch)
    assert (results.answered, results.failed) == (9, 1)
    assert results.rows[0].gained(1)
    better = replace(results.rows[0].answers[0] or Answered(1, "base"), text=right("RP2040"), verdict="right")
    results.take(better)
    assert results.rows[0].compared == (None, None)
    (compared,) = results.comparisons(1)
    assert not compared.different
    assert compared == compare_answers(
        results.rows[0].question, better.text, results.rows[0].answers[1] or Answered(1, "tuned")
    )
    results.take(replace(better, number=4, arm="tuned", error=""))
    assert (results.answered, results.failed) == (10, 0)
    summary = summarise(batch, results.rows)
    assert [tally.right for tally in summary.arms] == [3, 5]


def test_one_writes_at_a_time(batch: Batch) -> None:
    fill(batch, until=2)
    assert not at_work(batch)
    with appending(batch):
        assert at_work(batch)
        with pytest.raises(InputError, match="another screen or command"), appending(batch):
            pass
    assert not at_work(batch)


def test_a_folder_that_is_gone_is_said(batch: Batch, tmp_path: Path) -> None:
    gone = replace(batch, folder=tmp_path / "gone")
    assert not at_work(gone)
    with pytest.raises(BurnishError, match="cannot be written"), appending(gone):
        pass
