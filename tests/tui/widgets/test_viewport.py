"""Zoom, following and the cross-hair, without a screen."""

from __future__ import annotations

import pytest

from tui.widgets.viewport import MINIMUM_SPAN, Viewport


@pytest.fixture
def view() -> Viewport:
    viewport = Viewport()
    viewport.grow(240, 200)
    return viewport


def test_everything_is_in_view_at_first(view: Viewport) -> None:
    assert view.window == (0, 240)
    assert not view.zoomed


def test_zoomed_in_at_the_newest_step_it_follows(view: Viewport) -> None:
    view.zoom(1)
    view.zoom(1)
    start, end = view.window
    assert end - start == 60
    assert end >= 200
    view.grow(480, 300)
    assert view.window[0] < 300 <= view.window[1]


def test_it_does_not_move_with_every_step(view: Viewport) -> None:
    view.zoom(1)
    view.zoom(1)
    windows: set[tuple[float, float]] = set()
    for step in range(200, 260):
        view.grow(480, step)
        windows.add(view.window)
    assert len(windows) <= 60 // (60 / 8) + 1


def test_zoomed_in_elsewhere_live_data_does_not_steal_the_view(view: Viewport) -> None:
    view.point(50)
    view.zoom(1)
    before = view.window
    assert before[0] <= 50 <= before[1]
    view.grow(480, 300)
    assert view.window == before


def test_zoom_keeps_the_cross_hair_where_it_is_on_the_screen(view: Viewport) -> None:
    view.point(120)
    view.zoom(1)
    start, end = view.window
    assert (120 - start) / (end - start) == pytest.approx(0.5)


def test_zooming_out_ends_with_everything(view: Viewport) -> None:
    view.zoom(1)
    view.zoom(-1)
    assert not view.zoomed
    for _ in range(20):
        view.zoom(1)
    start, end = view.window
    assert end - start == MINIMUM_SPAN
    view.zoom(0)
    assert view.window == (0, 240)


def test_the_view_goes_along_with_the_cross_hair(view: Viewport) -> None:
    view.point(100)
    for _ in range(3):
        view.zoom(1)
    steps = list(range(1, 201))
    for _ in range(80):
        assert view.cursor is not None
        view.move(-1, steps, steps.index(int(view.cursor)))
    assert view.cursor == 20
    assert view.window[0] <= 20 <= view.window[1]


def test_a_move_reaches_the_next_logged_step_at_least(view: Viewport) -> None:
    view.point(10)
    view.move(0.1, [10, 90, 200], 0)
    assert view.cursor == 90
    view.move(0.1, [10, 90, 200], 1)
    view.move(0.1, [10, 90, 200], 2)
    assert view.cursor == 200
