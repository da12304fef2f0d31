"""The way from the engine to a screen that stands still: nothing waits for it, and it finds the newest state."""

from __future__ import annotations

from pathlib import Path

from engine.demo.files import copy_demo
from engine.jobs.events import RunState, StateChanged
from engine.reports import Failed, Report, RunSnapshot
from tests.engine.training.test_history import RunFiles, step
from tests.tui.test_app import opened, until
from tests.waiting import wait_for
from tui.app import BurnishApp
from tui.widgets.strip import TrainingStrip

STEPS = 300


def newest(app: BurnishApp) -> int:
    """The last step that waits for the screen."""
    waiting: list[Report] = list(app.engine._mailbox._waiting.values())
    return max((run.last.step for run in waiting if isinstance(run, RunSnapshot) and run.last is not None), default=0)


async def test_a_screen_that_stands_still_holds_nothing_up(tmp_path: Path) -> None:
    copy_demo(tmp_path)
    files = RunFiles(tmp_path)
    files.belongs_to_a_living_process()
    files.events.write(StateChanged(RunState.RUNNING))
    files.events.write(step(1))
    app = BurnishApp(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        strip = app.query_one(TrainingStrip)
        await until(pilot, lambda: strip.active and "step 1/" in strip.plain, "the strip")
        wakes: list[int] = []
        wake = app.engine._mailbox._wake
        app.engine._mailbox._wake = lambda: (wakes.append(1), wake())[1]
        # Nothing is awaited from here on: the screen's loop stands still while the engine's goes on.
        for number in range(2, STEPS + 1):
            files.events.write(step(number))
            if number % 100 == 0:
                wait_for(lambda number=number: newest(app) == number, what=f"step {number} in the box")
        for number in range(20):
            app.engine._mailbox.put(Failed("No", f"Failure {number}."))
        waiting = list(app.engine._mailbox._waiting.values())
        # Not even once where something had come, and woken it, a moment before; that it is awake the strip tells.
        assert len(wakes) <= 1, "the screen is woken once, however much waits"
        keyed = [report.key for report in waiting if report.key]
        assert len(keyed) == len(set(keyed)) <= 5
        assert [each.sentence for each in waiting if isinstance(each, Failed)] == [f"Failure {n}." for n in range(20)]
        runs = [each for each in waiting if isinstance(each, RunSnapshot)]
        assert [each.step for each in runs[-1].progress] == list(range(1, STEPS + 1)), "no step is lost"
        await until(pilot, lambda: f"step {STEPS}/" in strip.plain, "the newest step on the strip")


async def test_a_frame_that_cannot_be_drawn_now_is_not_owed_later(tmp_path: Path) -> None:
    """What waits is taken whole with one wake-up, so that a screen which is back draws once, not once a step."""
    copy_demo(tmp_path)
    app = BurnishApp(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        taken: list[int] = []
        take = app.engine.take_reports

        def counted() -> list[Report]:
            reports = take()
            # The engine may have something to report of itself at any time, which is taken as it comes.
            if failures := [each for each in reports if isinstance(each, Failed)]:
                taken.append(len(failures))
            return reports

        app.engine.take_reports = counted
        for number in range(50):
            app.engine._mailbox.put(Failed("No", f"Failure {number}."))
        await until(pilot, lambda: sum(taken) >= 50, "the reports")
        assert taken == [50]
