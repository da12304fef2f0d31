"""Running checks: all rows are seen, in short steps, and a run can be given up."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from data.errors import InputError
from data.formats.detect import look
from data.quality import contradictions, near_duplicates
from data.quality.checker import Checker
from data.quality.registry import CHECKS, NAMES
from data.store import RowStore
from tests.data.quality.checking import check, qa


def test_names_and_signs_are_unique_and_short() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert len({each.sign for each in CHECKS}) == len(CHECKS)
    assert all(len(each.sign) == 1 for each in CHECKS)
    assert all(each.title and each.what and each.cost for each in CHECKS)


def test_costs_name_the_bounds_that_are_in_force() -> None:
    costs = {each.name: each.cost for each in CHECKS}
    assert f"{contradictions.MOST_ROWS:,} of them at most" in costs["contradiction"]
    assert f"{near_duplicates.MOST_ROWS:,} rows at most" in costs["near-duplicate"]


def test_only_the_checks_asked_for_run(tmp_path: Path) -> None:
    rows = [qa("Who?", ""), qa("When?", "Now."), qa("When?", "Now.")]
    assert set(check(tmp_path, rows, "duplicate").counts) == {"duplicate"}
    assert set(check(tmp_path, rows, "empty").counts) == {"empty"}


def test_unknown_check_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"“sense”.*duplicate"):
        check(tmp_path, [qa("a", "b")], "sense")


def test_progress_never_goes_back_and_ends_at_one(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [qa(f"What is thing {number}?", f"It is the number {number % 50} of them.") for number in range(1000)]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    store = RowStore.open(path)
    store.index_all()
    checker = Checker(store.snapshot(), look(store).format)
    steps = list(checker.run())
    assert len(steps) > 3
    assert all(one <= other for one, other in pairwise(steps))
    assert steps[-1] == 1.0
    assert checker.seen == checker.rows == 1000


def test_a_run_that_is_given_up_keeps_what_it_found(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps(qa("Who?", "")) for _ in range(5000)), encoding="utf-8")
    store = RowStore.open(path)
    store.index_all()
    checker = Checker(store.snapshot(), look(store).format)
    assert any(checker.seen for _ in checker.run())
    assert checker.seen < 5000
    assert checker.counts["empty"] in (checker.seen, checker.seen + 1)


@pytest.mark.parametrize(
    "content", ["", "\n", "[]", "null\n", '{"a": 1}\n', "[1, 2]\n[3]\n", '{"text": "\\ud800"}\n', "{"]
)
def test_any_file_can_be_checked(tmp_path: Path, content: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(content, encoding="utf-8")
    try:
        store = RowStore.open(path)
    except InputError:
        return
    store.index_all()
    assert list(Checker(store.snapshot(), look(store).format).run())[-1] == 1.0


def test_the_words_of_the_checks_need_none_of_their_work() -> None:
    code = "import sys; import data.quality.checker, data.quality.report; print('data.facts' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_what_was_left_out_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contradictions, "MOST_ROWS", 2)
    monkeypatch.setattr(near_duplicates, "MOST_ROWS", 3)
    rows = [qa(f"How long is hose {n}?", f"Hose {n} is {n} m long.") for n in range(5)]
    found = check(tmp_path, rows, "contradiction", "near-duplicate").findings
    assert [(finding.check, finding.figures) for finding in found] == [
        ("near-duplicate", {"left out": 2}),
        ("contradiction", {"left out": 3}),
    ]
