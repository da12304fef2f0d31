"""Every pane as it looks, at three sizes, dark and light: `make snapshots` writes tests/tui/snapshots anew."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Footer

from engine.jobs.detached import LOG_FILE
from tests.tui.training.runs import START
from tests.tui.whole.picture import picture
from tests.tui.whole.places import ASKED, Do, Place, See, Write
from tests.tui.whole.stage import Workbench, workbench
from tests.tui.whole.walk import quiet
from tests.tui.whole.workspace import EVALUATION, FAILED, FINISHED, PORT, QUESTION, write_workspace
from tui.told.record import Told

FOLDER = Path(__file__).parents[1] / "snapshots"
SIZES = ((120, 40), (80, 24), (200, 50))
THEMES = ("burnish-dark", "burnish-light")
_PATIENCE = 60.0
"""Seconds after which a picture that is another one than before stays another one."""
WRITE = os.environ.get("BURNISH_WRITE_SNAPSHOTS") == "1"


async def _unveil(bench: Workbench) -> None:
    """The order of the hidden sides is by chance: take one in which they change places."""
    veil, exchange = bench.app._compare.veil, bench.app._compare.exchange
    keys = (number.to_bytes(16, "big") for number in range(1000))
    while tuple(veil.order(exchange)) != (1, 0):
        veil._key = next(keys)
    bench.app._compare.draw()


async def _told(bench: Workbench) -> None:
    (bench.workspace / "runs" / FAILED / LOG_FILE).write_text("step 19\nstep 20\nRuntimeError: the loss is nan\n")
    for number, (text, severity) in enumerate(
        [
            ("there is no other row with this flag", "warning"),
            (f"{FAILED} cannot be resumed: it has no checkpoint that is whole; start it over.", "error"),
        ]
    ):
        bench.app.told.keep(Told(text, severity, at=START + 60 * number))


STATES = (
    Place("dataset-table", ("1", "j", "j")),
    Place("dataset-editor", ("1", "j", "e")),
    Place("dataset-filter", ("1", "slash", Write("RP2040"), "enter", See("of 52"))),
    Place("dataset-checks", ("1", "C", See("duplicate"))),
    Place("train-form", ("2", "n", See("held out"), "home", "ctrl+k", Write("owner/model"))),
    Place("train-running", ("2", See("118")), setting={"running": True}),
    Place("train-finished", ("2", See("RP2350"))),
    Place("train-table", ("2", See(FINISHED), "t", See(FAILED))),
    Place("compare-empty", ("3", See("Press R to serve")), setting={"arms": 0}),
    Place("compare-answers", ASKED),
    Place("compare-blind", ("3", "b", "i", Write(QUESTION), "enter", See("150 MHz"), Do(_unveil))),
    Place("compare-vote", (*ASKED, "v")),
    Place("evaluation", ("3", "B", See(EVALUATION), See("10 rows"))),
    Place("help", ("2", "question_mark", See("Everywhere"))),
    Place("palette", ("1", "ctrl+p", Write("filter"), See("Dataset: Filter"))),
    Place("welcome", (See("set up the demo"),), setting={"empty": True}),
    Place("jump", ("2", See("RP2350"), "f6", See("jump to"))),
    Place("messages", ("1", Do(_told), "f7", See("loss is nan"))),
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("snapshots")


@pytest.fixture
def plain_world(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One time zone, one theme to begin with, a terminal of all colours."""
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("BURNISH_THEME", THEMES[0])
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("SSH_CONNECTION", "far away")  # where no cursor blinks
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("plain_world")
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
async def test_the_screen_looks_as_it_did(folders: Path, monkeypatch: pytest.MonkeyPatch, state: Place) -> None:
    template = folders / "template"
    if not template.exists():
        await write_workspace(template)
    home = folders / state.name
    home.mkdir()
    monkeypatch.chdir(home)
    changed: list[str] = []
    async with workbench(template, Path("pi-facts"), size=SIZES[0], port=PORT, **state.setting) as bench:
        await state.reach(bench)
        for width, height in SIZES:
            if (width, height) != SIZES[0]:
                await bench.pilot.resize_terminal(width, height)
                await quiet(bench)
                if state.name == "jump":  # another size takes the letters away
                    await state.reach(bench)
            file = FOLDER / f"{state.name}-{width}x{height}.txt"
            wanted = file.read_text(encoding="utf-8") if file.is_file() and not WRITE else ""
            # What a thread finds out, a check or a count, may be on its way while the screen stands still.
            # Where one picture is another for good, the next ones are not waited for as long.
            deadline = time.monotonic() + (_PATIENCE if wanted and not changed else 0)
            while (shot := await _shot(bench, width)) != wanted and time.monotonic() < deadline:
                continue
            if WRITE:
                FOLDER.mkdir(exist_ok=True)
                file.write_text(shot, encoding="utf-8")
                _draw(bench, file)
            elif shot != wanted:
                changed.append(f"{file.name}\n{shot}")
    assert not changed, "make snapshots writes them anew:\n" + "\n".join(changed)


async def _shot(bench: Workbench, width: int) -> str:
    """The screen as it looks now, in both themes."""
    drawn: list[str] = []
    for theme in THEMES:
        bench.app.theme = theme
        await bench.pilot.pause()
        await quiet(bench)
        assert all(each.virtual_size.width <= width for each in bench.app.screen.query(Footer))
        drawn.append(picture(bench.app))
    return _together(*drawn)


def test_nothing_is_kept_that_is_not_looked_at() -> None:
    wanted = {f"{state.name}-{width}x{height}.txt" for state in STATES for width, height in SIZES}
    assert {file.name for file in FOLDER.iterdir()} == wanted
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 1_000_000


def _together(dark: str, light: str) -> str:
    """Both themes below one text: what is the same for both stands once."""
    text, looks, colours = dark.split("\n\n~\n")
    light_text, light_looks, light_colours = light.split("\n\n~\n")
    if light_text != text:
        return f"another theme shows other words:\n{light_text}\nthan\n{text}"
    parts = [text, f"dark\n{looks}", colours]
    parts += ["light" if light_looks == looks else f"light\n{light_looks}", light_colours]
    return "\n\n".join(parts)


def _draw(bench: Workbench, file: Path) -> None:
    """A picture to look at, where one is wanted."""
    folder = os.environ.get("BURNISH_SNAPSHOT_PICTURES")
    if folder:
        (Path(folder) / f"{file.stem}.svg").write_text(bench.app.export_screenshot(), encoding="utf-8")
