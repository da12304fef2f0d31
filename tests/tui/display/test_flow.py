"""Nothing is added to a line on which much is still on its way."""

from __future__ import annotations

import pytest
from textual._xterm_parser import XTermParser
from textual.app import ComposeResult
from textual.events import Key
from textual.messages import TerminalSupportsSynchronizedOutput
from textual.pilot import Pilot
from textual.widgets import Static

from tests.tui.display.captured import driver_of, on_terminal, repainted
from tests.waiting import until
from tui.display import line_app
from tui.display.flow import ASK_EVERY, PATIENCE, QUESTION, SILENCE, WINDOW, Flow
from tui.display.line_app import OFF_SWITCH, LineApp


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def answering(clock: Clock) -> Flow:
    """The flow to a terminal that answered the first question."""
    flow = Flow(clock)
    flow.answered()
    return flow


def fill(flow: Flow) -> int:
    """Send until nothing more may be sent; gives the questions that went along."""
    asked = 0
    while flow.open:
        asked += flow.send(["x" * ASK_EVERY]).count(QUESTION)
    return asked


def test_a_terminal_that_never_answers_is_not_asked_and_not_waited_for() -> None:
    flow = Flow(Clock())
    for _ in range(100):
        assert flow.open
        assert QUESTION not in flow.send(["x" * WINDOW])


def test_no_more_than_a_window_is_on_the_way() -> None:
    flow = answering(Clock())
    asked = fill(flow)
    assert asked == WINDOW // ASK_EVERY
    flow.answered()
    assert flow.open
    assert fill(flow) == 1
    for _ in range(asked):
        flow.answered()
    assert not flow.asking
    assert fill(flow) == asked


def test_a_long_frame_is_asked_about_between_its_pieces() -> None:
    flow = answering(Clock())
    sent = flow.send(["row" * 200] * 8)
    assert sent == ("row" * 400 + QUESTION) * 4


def test_short_frames_share_a_question() -> None:
    flow = answering(Clock())
    assert [flow.send(["x" * 300]).count(QUESTION) for _ in range(8)] == [0, 0, 0, 1, 0, 0, 0, 1]


def test_a_terminal_that_speaks_but_does_not_answer_is_not_waited_for() -> None:
    """As where a session is attached to another terminal."""
    clock = Clock()
    flow = answering(clock)
    fill(flow)
    clock.now += PATIENCE / 2
    flow.heard()
    assert not flow.open
    clock.now += PATIENCE
    flow.heard()
    assert flow.open
    assert QUESTION not in flow.send(["x" * WINDOW])
    flow.answered()
    assert fill(flow) == WINDOW // ASK_EVERY


def test_a_silent_line_gets_a_window_now_and_then() -> None:
    clock = Clock()
    flow = answering(clock)
    fill(flow)
    clock.now += SILENCE - 1
    assert not flow.open
    clock.now += 2
    assert flow.open
    assert fill(flow) == WINDOW // ASK_EVERY


class Counter(LineApp[None]):
    """Repaints all of its screen with each key."""

    counted = 0

    def __init__(self) -> None:
        super().__init__()
        self._flow = Flow(Clock())

    def compose(self) -> ComposeResult:
        yield Static("ready", id="all", markup=False)

    def on_mount(self) -> None:
        self.query_one("#all").styles.height = "100%"

    def on_key(self) -> None:
        self.counted += 1
        self.query_one("#all", Static).update(f"{self.counted:05} " * 200)


async def press(pilot: Pilot[None], times: int) -> None:
    for _ in range(times):
        await pilot.press("x")
        await pilot.pause()


async def answer(pilot: Pilot[None]) -> None:
    pilot.app.post_message(TerminalSupportsSynchronizedOutput())
    await pilot.pause()


@pytest.fixture(autouse=True)
def cells_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(OFF_SWITCH, raising=False)


async def test_frames_behind_a_slow_line_are_skipped_and_the_newest_is_shown() -> None:
    app = Counter()
    async with on_terminal(app, 80, 24) as pilot:
        await answer(pilot)
        driver = driver_of(app)
        driver.written.clear()
        await press(pilot, 60)
        sent = "".join(driver.written)
        assert QUESTION in sent
        assert len(sent) < WINDOW + 3000, "all frames were sent to a terminal that answered none"
        assert "00060" not in sent
        while app._flow.asking:
            await answer(pilot)
        driver.terminal.assert_same(repainted(app))
        assert "00060" in "".join(cell.data for cell in driver.terminal.cells[0])


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answers are waited for longer than any machine takes between two steps of a test."""
    monkeypatch.setattr(line_app, "_LAST_ANSWERS", 600.0)


@pytest.mark.usefixtures("patient")
async def test_the_end_waits_for_the_answers_on_their_way() -> None:
    """The shell would take them for something that was typed."""
    app = Counter()
    async with on_terminal(app, 80, 24) as pilot:
        await answer(pilot)
        await press(pilot, 5)
        assert app._flow.asking
        app.exit()
        await pilot.pause()
        assert app.is_running
        while app._flow.asking:
            await answer(pilot)
        await until(pilot, lambda: not app.is_running, "the end")


async def test_the_end_does_not_wait_for_ever() -> None:
    app = Counter()
    async with on_terminal(app, 80, 24) as pilot:
        await answer(pilot)
        await press(pilot, 5)
        app.exit()
        while app.is_running:
            await pilot.pause(0.02)


@pytest.mark.usefixtures("patient")
async def test_a_stop_waits_for_the_answers_on_their_way_and_nothing_is_sent_meanwhile() -> None:
    app = Counter()
    stopped: list[str] = []
    async with on_terminal(app, 80, 24) as pilot:
        await answer(pilot)
        await press(pilot, 1)
        assert app._flow.asking
        app.after_answers(lambda: stopped.append("stopped"))
        driver = driver_of(app)
        driver.written.clear()
        await press(pilot, 1)
        assert not stopped
        assert not driver.written
        while app._flow.asking:
            await answer(pilot)
        assert stopped == ["stopped"]


async def test_a_stop_does_not_wait_for_ever() -> None:
    app = Counter()
    stopped: list[str] = []
    async with on_terminal(app, 80, 24) as pilot:
        await answer(pilot)
        await press(pilot, 1)
        app.after_answers(lambda: stopped.append("first"))
        app.after_answers(lambda: stopped.append("second"))
        while len(stopped) < 2:
            await pilot.pause(0.02)
    assert stopped == ["first", "second"]


def test_textual_takes_the_answer_for_no_key() -> None:
    tokens = list(XTermParser().feed("a\x1b[?2026;2$yb\x1b[?2026;1$y"))
    assert [type(token) for token in tokens] == [
        Key,
        TerminalSupportsSynchronizedOutput,
        Key,
        TerminalSupportsSynchronizedOutput,
    ]
