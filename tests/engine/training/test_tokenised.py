"""The same rows are tokenised once, and whatever their tokens depend on makes them others."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.formats.conversation import Turn
from data.templates import ALPACA, Template
from engine.training import tokenised as module
from engine.training.tokenised import Reading, cache_folder, tokenised
from tests.engine.training.jobs import row

ROWS = [row("How fast?", "150 MHz."), row("Grüße?", "520 KB.", 2, system="Be kind.")]
READING = Reading("instruction", "answers", 64)


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A cache of its own, and the number of rows of every tokenising."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    counted: list[int] = []

    def encode(template: Template, rows: Any, *settings: Any) -> Any:
        counted.append(len(rows))
        return original(template, rows, *settings)

    original = module.encode
    monkeypatch.setattr(module, "encode", encode)
    return counted


def test_a_second_run_does_not_tokenise_again(tiny_model: Path, calls: list[int]) -> None:
    first = tokenised(Template.from_model(tiny_model), ROWS, READING)
    again = tokenised(Template.from_model(tiny_model), list(ROWS), READING)
    assert calls == [2]
    assert again == first
    assert len(first) == 2


def test_any_change_of_what_tokens_depend_on_is_noticed(tiny_model: Path, calls: list[int], tmp_path: Path) -> None:
    template = Template.from_model(tiny_model)
    other = tmp_path / "other"
    shutil.copytree(tiny_model, other)
    with (other / "tokenizer.json").open("a") as file:
        file.write("\n")
    question = replace(ROWS[0], turns=(Turn("user", "How slow?"), ROWS[0].turns[1]))
    silent = replace(ROWS[0], turns=(ROWS[0].turns[0], replace(ROWS[0].turns[1], weight=0)))
    tokenised(template, ROWS, READING)
    for changed in (
        (template, [question, ROWS[1]], READING),
        (template, [silent, ROWS[1]], READING),
        (template, [ROWS[1], ROWS[0]], READING),
        (template, [ROWS[0], replace(ROWS[1], system=None)], READING),
        (template, ROWS, replace(READING, max_length=63)),
        (template, ROWS, replace(READING, loss_on="everything")),
        (template, ROWS, replace(READING, stage="text")),
        (template.with_source(ALPACA, "Alpaca"), ROWS, READING),
        (Template.from_model(other), ROWS, READING),
    ):
        before = len(calls)
        tokenised(*changed)
        assert len(calls) == before + 1, changed
    before = len(calls)
    tokenised(template, ROWS, READING)
    assert len(calls) == before


@pytest.mark.parametrize("damage", [b"", b"{}\n", b"no JSON", b"cut"])
def test_a_broken_file_is_written_anew(tiny_model: Path, calls: list[int], damage: bytes) -> None:
    template = Template.from_model(tiny_model)
    first = tokenised(template, ROWS, READING)
    (path,) = cache_folder().iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:-3] if damage == b"cut" else damage)
    assert tokenised(template, ROWS, READING) == first
    assert calls == [2, 2]
    assert path.read_bytes() == whole


def test_what_was_not_used_for_long_goes_first(
    tiny_model: Path, calls: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    template = Template.from_model(tiny_model)
    tokenised(template, ROWS, READING)
    (first,) = cache_folder().iterdir()
    os.utime(first, (1, 1))
    tokenised(template, ROWS[:1], READING)
    (second,) = set(cache_folder().iterdir()) - {first}
    os.utime(second, (2, 2))
    # Used again, so that the other is the older one.
    tokenised(template, ROWS, READING)
    monkeypatch.setattr(module, "LIMIT", first.stat().st_size + second.stat().st_size)
    tokenised(template, ROWS[1:], READING)
    left = set(cache_folder().iterdir())
    assert first in left
    assert second not in left
    assert len(left) == 2


def test_a_cache_that_cannot_be_written_is_done_without(tiny_model: Path, calls: list[int], tmp_path: Path) -> None:
    (tmp_path / "burnish").write_text("a file where the folder should be")
    template = Template.from_model(tiny_model)
    assert len(tokenised(template, ROWS, READING)) == len(tokenised(template, ROWS, READING)) == 2
    assert calls == [2, 2]
