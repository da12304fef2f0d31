"""A walk through every key of every pane."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.whole.places import PLACES, Place
from tests.tui.whole.walk import Walk, every_key
from tests.tui.whole.workspace import write_workspace
from tui.crash_log import state_folder


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """One walk through all places: a key is pressed where it is met first."""
    folder = tmp_path_factory.mktemp("walk")
    return Walk(folder / "template", folder)


@pytest.fixture
async def template(walk: Walk) -> Path:
    if not walk.template.exists():
        await write_workspace(walk.template)
    return walk.template


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
async def test_every_key_does_something_that_can_be_seen(walk: Walk, template: Path, place: Place) -> None:
    assert template.is_dir()
    before = len(walk.faults)
    (state_folder() / "crash.log").unlink(missing_ok=True)  # of other tests
    await walk.through(place)
    assert not walk.faults[before:]
    walk.places.add(place.name)


def test_no_key_is_left_out(walk: Walk) -> None:
    if len(walk.places) < len(PLACES):
        pytest.skip("only a part of the walk was asked for")
    assert not sorted(every_key() - walk.pressed)
