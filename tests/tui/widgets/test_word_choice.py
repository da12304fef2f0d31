"""One of some words, in a line that may be too short for all of them."""

from __future__ import annotations

import pytest

from tests.tui.host import Host
from tui.widgets.word_choice import WordChoice

WORDS = ("lora", "qlora", "dora", "rslora", "pissa")


@pytest.mark.parametrize(
    ("width", "value", "drawn"),
    [
        (80, "lora", "● lora   ○ qlora   ○ dora   ○ rslora   ○ pissa"),
        (46, "lora", "● lora   ○ qlora   ○ dora   ○ rslora   ○ pissa"),
        (45, "lora", "● lora   ○ qlora   ○ dora   ○ rslora   ›"),
        (30, "lora", "● lora   ○ qlora   ○ dora   ›"),
        (30, "pissa", "‹ ○ rslora   ● pissa"),
    ],
)
async def test_no_word_is_cut_off(width: int, value: str, drawn: str) -> None:
    choice = WordChoice(WORDS, value)
    async with Host(choice).run_test(size=(width, 5)) as pilot:
        await pilot.pause()
        assert choice.plain == drawn
