"""Which format a file has, what shows it, and which rows are said not to be of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.formats import alpaca, kto, messages, prompt_completion, sharegpt
from data.formats.detect import SAMPLE, Misfit, detect, look
from data.store import RowStore
from tests.data.formats.rows import rows_of, written

ALPACA = {"instruction": "q", "output": "a"}
SHAREGPT = {"conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]}
MESSAGES = {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}
KTO = {"prompt": "q", "completion": "a", "label": True}


def test_rows_of_one_format() -> None:
    found = detect(rows_of(ALPACA, ALPACA))
    assert (found.format, found.name, found.confidence) == (alpaca, "Alpaca", 1.0)
    assert (found.evidence, found.misfits) == ("2 of 2 rows have instruction and output", ())
    assert (found.runner_up, found.also) == (None, 0)


def test_the_format_with_more_fields_wins_and_the_other_is_named() -> None:
    found = detect(rows_of(KTO))
    assert (found.format, found.runner_up, found.also) == (kto, prompt_completion, 1)


def test_no_row_is_dropped_and_each_misfit_has_a_reason() -> None:
    rows = rows_of(
        SHAREGPT,
        {"conversations": []},
        '{"conversations": [',
        SHAREGPT,
        MESSAGES,
        {"conversations": [{"from": "human", "value": None}]},
        {"note": "nothing"},
        SHAREGPT,
    )
    found = detect(rows)
    assert (found.format, found.rows, found.fitting) == (sharegpt, 8, 4)
    assert found.evidence == "4 of 8 rows have conversations of turns with from and value"
    assert (found.runner_up, found.also) == (messages, 1)
    assert found.misfits == (
        Misfit(2, "has conversations without turns"),
        Misfit(3, "is cut off: a value is missing (character 20)"),
        Misfit(5, "is OpenAI messages: it has messages of turns with role and content"),
        Misfit(6, "has turn 1 of conversations without value"),
        Misfit(7, "has no messages or conversations"),
    )


@pytest.mark.parametrize(
    ("rows", "evidence"),
    [
        ([], "there are no rows"),
        (["[1]", "3"], "none of 2 rows is an object with fields"),
        ([{"id": 1, "tags": []}], "the rows have id, tags, which are the fields of no known format"),
        (
            [{"mine": {"file_name": "a.json"}, "other": {"hf_hub_url": "owner/name", "subset": "en"}}],
            "the file describes datasets for LLaMA-Factory and holds none; open one of those that it names",
        ),
        ([{"prompt": "q"}], "the rows hold prompts without answers"),
        (
            [{"prompt": "q", "completions": ["a"], "labels": [True]}],
            "the rows hold several completions to a prompt, which are not read here",
        ),
        (
            [{"input_ids": [1, 2], "labels": [-100, 2]}],
            "the rows hold token ids instead of text, which cannot be read back here",
        ),
        (
            [ALPACA, SHAREGPT, SHAREGPT, {"text": "t"}, {"question": "q"}],
            "of 5 rows, 2 are ShareGPT, 1 is Alpaca, 1 is text, and no format is that of half of them",
        ),
    ],
)
def test_no_format(rows: list[object], evidence: str) -> None:
    found = detect(rows_of(*rows))
    assert (found.format, found.name, found.confidence, found.evidence) == (None, "unknown", 0.0, evidence)


def test_rows_that_cannot_be_read_are_misfits_of_no_format_too() -> None:
    assert [misfit.row_number for misfit in detect(rows_of("[1]", {"question": "q"}, "{")).misfits] == [1, 3]


def test_rows_from_all_over_a_store_are_looked_at(tmp_path: Path) -> None:
    rows = [ALPACA] * 150 + [SHAREGPT] * 850
    store = RowStore.open(written(tmp_path / "rows.jsonl", *rows))
    store.index_all()
    found = look(store)
    store.close()
    assert (found.format, found.runner_up, found.rows) == (alpaca, sharegpt, SAMPLE)
    assert found.misfits[0].row_number > 150
    assert found.misfits[-1].row_number == 992
