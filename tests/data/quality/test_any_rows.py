"""Whatever a row holds, the checks come to an end, say so in words, and mend without harm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.quality.characters import clean
from data.quality.checker import Checker
from data.quality.line_breaks import breaks, joined
from data.quality.report import as_lines, as_markdown, as_values
from tests.data.quality.checking import check_file, qa

WORDS = [
    "The pump",
    " is",
    "opens",
    "Offset: 0x1c",
    "264 KB",
    " of SRAM",
    "RP2040 ",
    "a@b.org",
    "sk-",
    "Yes",
    "How many",
]
SIGNS = ["\n", "-\n", ".", "?", "•", "```", "Ã©", "\u200b", "\x00", "水泵", "(", ")", ":", "{", "1.", "\ud800"]
PIECES = st.sampled_from([*WORDS, *SIGNS, "🏴\U000e0067\U000e007f", "é"])
TEXTS = st.lists(PIECES, max_size=25).map("".join)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["role", "content", "x"]), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["instruction", "output", "input", "system", "messages", "text", "chosen", "rejected", "label"]
)
TURNS = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant", "system", "tool"]), "content": TEXTS}),
    max_size=5,
)
ROWS = (
    st.builds(qa, TEXTS, TEXTS)
    | st.fixed_dictionaries({"messages": TURNS})
    | st.fixed_dictionaries({"text": TEXTS})
    | st.dictionaries(FIELDS, VALUES, max_size=4)
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, min_size=1, max_size=6))
def test_all_rows_can_be_checked(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    checker = check_file(path)
    for index, found in checker.flags.items():
        for flag in found:
            assert flag.row == index < len(rows)
            assert flag.reason.strip() == flag.reason != ""
            assert flag.other is None or flag.other != index
            assert flag.fix is None or (flag.fix and set(flag.fix) <= set(rows[index]))
    assert as_lines(checker)
    assert as_markdown(checker, path.name)
    assert json.dumps(as_values(checker))


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_cleaning_twice_is_cleaning_once_and_leaves_good_text_alone(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    if text.isascii() and not any(ord(character) < 32 and character not in "\t\n\r" for character in text):
        assert once == text


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_joining_lines_changes_only_white_space(text: str) -> None:
    assert joined(text, breaks(text), {}).split() == text.split()


@pytest.mark.parametrize("depth", [50, 400, 3000])
def test_a_row_that_is_nested_deeply(tmp_path: Path, depth: int) -> None:
    path = tmp_path / "rows.jsonl"
    nested = '{"x":' * depth + '"a\\u0000"' + "}" * depth
    path.write_text(f'{{"instruction": "a\\u0000", "output": "b", "more": {nested}}}\n' * 2, encoding="utf-8")
    assert isinstance(check_file(path), Checker)
