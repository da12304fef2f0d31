"""Styled lines: what is repainted, and text that is too long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region

from tests.tui.host import Host
from tui.widgets.lines import Line, Lines, changed_cells, cut, cut_line, width_of, wrapped

LINES = st.lists(st.tuples(st.text("ab 漢é1", max_size=8), st.sampled_from(["", "bold"])), max_size=4).map(tuple)


class CountingLines(Lines):
    """Notes the lines it asks to have repainted."""

    DEFAULT_CSS = "CountingLines { height: 4; }"

    def __init__(self) -> None:
        super().__init__()
        self.repainted: list[int] = []

    def refresh(self, *regions: Region, **options: bool) -> CountingLines:
        if hasattr(self, "repainted"):
            self.repainted += [region.y for region in regions] if regions else [-1]
        return super().refresh(*regions, **options)


async def test_only_changed_lines_are_repainted() -> None:
    lines = CountingLines()
    async with Host(lines).run_test(size=(30, 5)) as pilot:
        lines.show_lines(((("a", ""),), (("b", "dim"),), (("c", "accent"),)))
        await pilot.pause()
        lines.repainted.clear()
        lines.show_lines(((("a", ""),), (("B", "dim"),), (("c", "accent"),)))
        assert lines.repainted == [1]
        lines.repainted.clear()
        lines.show_lines(((("a", ""),), (("B", "dim"),)))
        assert lines.repainted == [2]
        lines.repainted.clear()
        lines.show_lines(((("a", ""),), (("B", "dim"),)))
        assert lines.repainted == []
        assert lines.plain == "a\nB"


async def test_every_style_has_a_colour_of_the_theme() -> None:
    lines = Lines()
    async with Host(lines).run_test(size=(40, 20)):
        for name in Lines.STYLES:
            assert lines.get_component_rich_style(f"lines--{name}", partial=True)


async def test_markup_is_text() -> None:
    lines = Lines()
    async with Host(lines).run_test(size=(40, 3)) as pilot:
        lines.show_lines(((("[bold]not markup[/bold]", ""),),))
        await pilot.pause()
        assert lines.render_line(0).text.startswith("[bold]not markup[/bold]")


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [("loss", 10, "loss"), ("held-out", 5, "held…"), ("漢字漢字", 5, "漢字…"), ("ab", 1, "…"), ("ab", 0, "")],
)
def test_what_is_too_long_is_cut(text: str, width: int, expected: str) -> None:
    assert cut(text, width) == expected


def test_wide_characters_count_twice() -> None:
    assert width_of((("漢", ""), ("a", "dim"))) == 3


def test_a_line_that_is_too_long_says_that_something_is_missing() -> None:
    line = (("loss ", "dim"), ("0.412", ""), (" at step 100", "dim"))
    assert cut_line(line, 22) == line
    assert cut_line(line, 12) == (("loss ", "dim"), ("0.412", ""), (" …", "dim"))
    assert cut_line(line, 10) == (("loss ", "dim"), ("0.41…", ""))
    assert all(width_of(cut_line(line, width)) <= width for width in range(30))


def test_a_text_is_broken_between_words_and_its_rest_is_cut() -> None:
    text = "Training ran out of memory at step 57."
    assert wrapped(text, 40, 2) == [text]
    assert wrapped(text, 20, 2) == ["Training ran out of", "memory at step 57."]
    assert wrapped(text, 20, 1) == ["Training ran out of…"]
    assert wrapped("unbreakable", 5, 2) == ["unbr…"]


@given(LINES, LINES)
def test_cells_outside_of_what_changed_are_the_same(old: Line, new: Line) -> None:
    if old == new:
        return
    start, end = changed_cells(old, new)
    before, after = (
        list(Segment.adjust_line_length([Segment(*part) for part in _styled(line)], 40)) for line in (old, new)
    )
    assert _cells(before)[:start] == _cells(after)[:start]
    assert _cells(before)[end:] == _cells(after)[end:]


def _styled(line: Line) -> list[tuple[str, Style]]:
    return [(text, Style(bold=style == "bold")) for text, style in line]


def _cells(segments: list[Segment]) -> list[tuple[str, bool]]:
    cells: list[tuple[str, bool]] = []
    for segment in segments:
        for character in segment.text:
            cells += [(character, bool(segment.style and segment.style.bold))] + [("", False)] * (
                cell_len(character) - 1
            )
    return cells
