"""A share as a bar."""

from __future__ import annotations

import pytest

from tui.widgets.bar import bar


@pytest.mark.parametrize(
    ("share", "drawn"), [(0, "····"), (0.5, "██··"), (0.6, "██▍·"), (1, "████"), (7, "████"), (-1, "····")]
)
def test_a_bar_is_filled_in_eighths(share: float, drawn: str) -> None:
    assert bar(share, 4) == drawn
