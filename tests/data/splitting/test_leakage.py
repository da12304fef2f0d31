"""What two files have in common is found, row by row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.bundled import bundled_path
from data.facts import find_facts
from data.splitting.keys import Why
from data.splitting.leakage import LeakageMeasure, Match, leakage
from data.splitting.links import Source
from data.splitting.split import SplitOptions, Splitting
from tests.data.formats.rows import written
from tests.data.splitting.rows import pair, rows_about, source_of

THINGS = [f"{a}{b}" for a in ("ball", "gate", "kite", "lamp", "moon") for b in ("ine", "orb", "usk", "ack")]


def test_every_paraphrase_is_found_with_its_original() -> None:
    trained, asked = (source_of(bundled_path(f"raspberry_pi{name}.jsonl")) for name in ("", "_paraphrased"))
    found = leakage(trained, asked)
    facts = [
        json.loads(line)["fact"] for line in bundled_path("raspberry_pi_paraphrased.jsonl").read_text().splitlines()
    ]
    assert (found.rows, found.other_rows) == (340, len(facts))
    assert found.share == 1
    right = sum(match.row == facts[match.other - 1] for match in found.matches)
    assert right / len(facts) > 0.97


def test_answers_of_nothing_but_a_value_are_found_too(tmp_path: Path) -> None:
    bare: list[dict[str, object]] = []
    facts: list[int] = []
    for line in bundled_path("raspberry_pi_paraphrased.jsonl").read_text().splitlines():
        row = json.loads(line)
        values = [fact for fact in find_facts(row["output"], question=row["instruction"]) if fact.base]
        if values:
            bare.append(pair(row["instruction"], f"{values[0].text}."))
            facts.append(row["fact"])
    asked = source_of(written(tmp_path / "bare.jsonl", *bare))
    found = leakage(source_of(bundled_path("raspberry_pi.jsonl")), asked)
    right = sum(match.row == facts[match.other - 1] for match in found.matches)
    assert right / len(facts) > 0.55
    assert right / len(found.matches) > 0.9


def test_files_that_have_nothing_in_common() -> None:
    found = leakage(source_of(bundled_path("raspberry_pi.jsonl")), source_of(bundled_path("general.jsonl")))
    assert found.matches == ()
    assert found.share == 0


def test_each_row_has_its_surest_match(tmp_path: Path) -> None:
    fast = pair("What is the RP2350's top clock?", "The RP2350 runs at up to 150 MHz.")
    first = written(tmp_path / "a.jsonl", *rows_about(THINGS), fast, pair("How fast?", "Very."), fast)
    chat = {
        "messages": [
            {"role": "user", "content": "How fast can an RP2350 go?"},
            {"role": "assistant", "content": "Up to 150 MHz."},
        ]
    }
    other = {"messages": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}]}
    again = {"messages": [{"role": "user", "content": "HOW fast"}, {"role": "assistant", "content": "Up to 150 MHz."}]}
    second = written(tmp_path / "b.jsonl", other, chat, chat, again)
    found = leakage(source_of(first), source_of(second))
    assert found.matches == (Match(21, 2, Why.FACT), Match(21, 3, Why.FACT), Match(22, 4, Why.QUESTION))
    assert list(found.counts.items()) == [(Why.QUESTION, 1), (Why.FACT, 2)]
    assert (found.rows, found.other_rows, found.share) == (23, 4, 0.75)


def test_links_within_one_file_do_not_count(tmp_path: Path) -> None:
    first = written(tmp_path / "a.jsonl", *[pair("What is A?", "One.")] * 3)
    second = written(tmp_path / "b.jsonl", *[pair("What is B?", "Two.")] * 3)
    assert leakage(source_of(first), source_of(second)).matches == ()


@pytest.mark.parametrize("stratify", ["", "answer-kind"])
def test_a_split_by_fact_leaks_nothing(tmp_path: Path, stratify: str) -> None:
    source = source_of(bundled_path("raspberry_pi.jsonl"))
    splitting = Splitting(source, SplitOptions(0.25, stratify=stratify))
    for _ in splitting.run():
        pass
    assert splitting.split is not None
    lines = bundled_path("raspberry_pi.jsonl").read_text().splitlines(keepends=True)
    sides: list[Source] = []
    for held in (False, True):
        path = tmp_path / f"{held}.jsonl"
        path.write_text("".join(line for n, line in enumerate(lines) if (n in splitting.split.held_out) is held))
        sides.append(source_of(path))
    assert leakage(*sides).matches == ()


def test_measuring_goes_in_small_steps() -> None:
    source = source_of(bundled_path("raspberry_pi.jsonl"))
    measure = LeakageMeasure(source, source)
    fractions = list(measure.run())
    assert len(fractions) > 10
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert measure.result is not None
    assert [match.row for match in measure.result.matches] == [match.other for match in measure.result.matches]
