"""Every token of a row is drawn, with its edges and its fate, in lines that fit."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from data.formats.pair import Pair
from data.rendered_row import RenderedRow, render_row
from data.templates import Template
from tests.tiny import CHATML, write_tokenizer
from tui.dataset.cells import GLUE
from tui.dataset.token_lines import CUT_SIGN, LEARNT_SIGN, Fate, TokenLine, list_line, text_lines


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    folder = tmp_path_factory.mktemp("lines")
    write_tokenizer(folder, CHATML)
    return Template.from_model(folder)


def words(line: TokenLine) -> str:
    """A line as it is read."""
    return "".join(part.text for part in line.parts)


def fates(lines: list[TokenLine], fate: Fate) -> str:
    """All text of one fate."""
    return "".join(part.text for line in lines for part in line.parts if part.fate is fate and not part.edge)


def shown(template: Template, row: RenderedRow, width: int) -> list[TokenLine]:
    """The lines of a row."""
    return text_lines(row, template.special_ids, width)


def test_a_row_is_drawn_token_by_token(template: Template) -> None:
    row = render_row(template, Pair("How fast?", "At up to 150 MHz.", 1))
    lines = shown(template, row, 60)
    assert [words(line).replace("│", "") for line in lines] == [
        "<|im_start|>user⏎",
        "How·fast?<|im_end|>⏎",
        "<|im_start|>assistant⏎",
        "At·up·to·150·MHz.<|im_end|>⏎",
    ]
    assert [line.gutter for line in lines] == [" ", " ", " ", LEARNT_SIGN]
    assert fates(lines, Fate.LEARNT) == "At·up·to·150·MHz.<|im_end|>"
    assert fates(lines, Fate.AFTER) == "⏎"
    edges = sum(part.edge for line in lines for part in line.parts)
    assert edges == len(row.token_ids) - len(lines)
    assert {part.text for line in lines for part in line.parts if part.special} == {"<|im_start|>", "<|im_end|>"}


def test_what_is_cut_off_is_told(template: Template) -> None:
    whole = render_row(template, Pair("How fast?", "150 MHz.", 1))
    lines = shown(template, render_row(template, Pair("How fast?", "150 MHz.", 1), whole.whole - 1), 60)
    assert fates(lines, Fate.CUT) == "<|im_end|>"
    nothing = shown(template, render_row(template, Pair("How fast?", "150 MHz.", 1), 3), 60)
    assert [line.gutter for line in nothing][1:] == [CUT_SIGN] * 3
    assert fates(nothing, Fate.LEARNT) == ""


def test_a_list_names_each_token(template: Template) -> None:
    row = render_row(template, Pair("How fast?", "150 MHz.", 1))
    lines = [words(list_line(row, template.special_ids, place, 50)) for place in range(len(row.token_ids))]
    assert lines[0].split() == ["1", str(row.token_ids[0]), "<|im_start|>", "special"]
    assert lines[row.whole - 1].split() == [str(row.whole), str(row.token_ids[-2]), "<|im_end|>", "loss", "special"]
    assert lines[-1].split()[-3:] == ["⏎", "not", "fed"]


def test_a_character_of_several_tokens_is_drawn_once(template: Template) -> None:
    row = render_row(template, Pair("🍓", "🦙", 1))
    lines = shown(template, row, 60)
    text = "".join(map(words, lines))
    assert (text.count("🍓"), text.count("🦙")) == (1, 1)
    assert text.count("◦") == 2 * (len("🍓".encode()) - 1)
    assert sum(words(list_line(row, (), place, 50)).count("◦🦙") for place in range(len(row.token_ids))) == 3


def test_what_terminals_draw_in_different_widths_is_taken_apart(template: Template) -> None:
    row = render_row(template, Pair("a", "\N{THUMBS UP SIGN}\U0001f3fd, \u2764\ufe0f", 1))
    text = "".join(map(words, shown(template, row, 60)))
    assert "\N{THUMBS UP SIGN}" in text
    assert "\U0001f3fd" not in text
    assert "\ufe0f" not in text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=st.text(min_size=1, max_size=80), width=st.integers(8, 40))
def test_lines_fit_and_lose_nothing(answer: str, width: int, template: Template) -> None:
    row = render_row(template, Pair("Why?", answer, 1))
    lines = shown(template, row, width)
    assert all(cell_len(words(line)) <= width for line in lines)
    drawn = "".join(part.text for line in lines for part in line.parts if not part.edge)
    assert len(drawn.replace("◦", "")) >= len(GLUE.sub("", row.text).replace("◦", ""))
    assert all(cell_len(words(list_line(row, (), place, width + 30))) <= width + 30 for place in range(5))
