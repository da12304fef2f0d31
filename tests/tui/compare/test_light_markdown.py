"""Markdown drawn lightly: markers give way to styles, and marks stay on their facts."""

from __future__ import annotations

import random

import pytest

from tests.tui.compare.stage import Stage, answers, servers, shown, styled
from tui.compare.light_markdown import MarkdownText


def drawn(raw: str, *, done: bool = True) -> MarkdownText:
    markdown = MarkdownText()
    markdown.update(raw, done=done, plain=False)
    return markdown


def looks(raw: str) -> list[tuple[str, str]]:
    markdown = drawn(raw)
    return [(markdown.text[span.start : span.end], span.style) for span in markdown.spans]


@pytest.mark.parametrize(
    ("raw", "text", "found"),
    [
        ("It has **two** cores.", "It has two cores.", [("two", "bold")]),
        ("It has *two* or _three_.", "It has two or three.", [("two", "italic"), ("three", "italic")]),
        ("Call `a_b_c()` now", "Call a_b_c() now", [("a_b_c()", "$info")]),
        ("**use `x`**", "use x", [("use ", "bold"), ("x", "bold $info")]),
        ("## The **clock**", "The clock", [("The ", "bold $accent"), ("clock", "bold $accent")]),
        ("- one\n  * two\n+ three", "• one\n  • two\n• three", []),
        ("> said", "> said", [("> said", "$text-muted")]),
        ("```c\nint *a, *b;\n```", "```c\nint *a, *b;\n```", [("```c", "$text-muted"), ("int *a, *b;", "$info")]),
        ("2*3*4 = 24, snake_case_name, a * b * c", "2*3*4 = 24, snake_case_name, a * b * c", []),
        ("| a | **b** |\n|---|---|", "| a | **b** |\n|---|---|", []),
        ("[x](http://evil) <b>b</b> ![i](u)", "[x](http://evil) <b>b</b> ![i](u)", []),
        ("**open and `half", "**open and `half", []),
        ("----\n***", "----\n***", []),
        ("", "", []),
    ],
)
def test_what_is_drawn(raw: str, text: str, found: list[tuple[str, str]]) -> None:
    assert drawn(raw).text == text
    assert looks(raw)[: len(found)] == found
    assert bool(looks(raw)) is bool(found)


def test_a_block_is_drawn_when_it_is_finished_and_not_before() -> None:
    raw = "**one**\n\n**two**"
    assert drawn(raw, done=False).text == "one\n\n**two**"
    assert drawn("```\na\n\n**b**", done=False).text == "```\na\n\n**b**"
    assert drawn(raw).text == "one\n\ntwo"


def test_raw_offsets_find_their_characters_and_growing_is_as_good_as_at_once() -> None:
    pieces = [
        "**bold** ",
        "150 **MHz**",
        "\n\n",
        "- `code`\n",
        "# head\n",
        "```\nx*y*z\n```\n",
        "plain ",
        "_it_ ",
        "**",
    ]
    shuffled = random.Random(5)
    for _ in range(60):
        raw = "".join(shuffled.choices(pieces, k=12))
        growing = MarkdownText()
        before = ""
        for end in range(0, len(raw) + 1, 3):
            kept = growing.update(raw[:end], done=False, plain=False)
            assert growing.text[:kept] == before[:kept]
            before = growing.text
        growing.update(raw, done=True, plain=False)
        whole = drawn(raw)
        assert (growing.text, growing.spans) == (whole.text, whole.spans)
        for place, character in enumerate(raw):
            start, end = whole.drawn((place, place + 1))
            assert whole.text[start:end] in ("", character, "•")
        assert all(first.end <= second.start for first, second in zip(whole.spans, whole.spans[1:], strict=False))


async def test_marks_stay_on_their_facts_through_markdown_and_a_key_shows_the_raw_text() -> None:
    async with Stage().run_test(size=(120, 40)) as pilot:
        tuned = "## Clock\n\nThe **RP2350** supports a system clock of up to **150 MHz**."
        stage = await shown(pilot, servers(), answers(tuned=tuned))
        body = stage.bodies[1]
        assert body.text == "Clock\n\nThe RP2350 supports a system clock of up to 150 MHz."
        assert "✓150 MHz." in stage.text()
        assert styled(body, "RP2350").style.bold  # type: ignore[union-attr]
        await pilot.press("tab")
        reverse = (s.text for y in range(body.size.height) for s in body.render_line(y) if s.style and s.style.reverse)
        assert "".join(reverse) == "✓150 MHz"
        await pilot.press("m")
        assert "## Clock" in stage.text()
        assert "up to **✓150" in stage.text()
        await pilot.press("m")
        assert "✓150 MHz." in stage.text()


async def test_a_long_answer_becomes_markdown_block_by_block_without_being_wrapped_anew() -> None:
    async with Stage().run_test(size=(100, 25)) as pilot:
        text = "".join(f"**word{number}** and more words here\n\n" for number in range(3000))
        stage = await shown(pilot, servers(), answers(text[:-400], text[:-400], done=False, compared=False))
        wrapped = stage.bodies[0]._text
        kept = wrapped.lines[:2000]
        await shown(pilot, answers(text, text, compared=False))
        assert all(before is after for before, after in zip(kept, wrapped.lines, strict=False))
        assert "**" not in stage.text()
        assert "word2999" in stage.text()
