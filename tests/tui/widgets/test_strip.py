"""The training strip: what it says, what it leaves out, and when it goes away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.jobs.events import RunState
from tests.tui.host import Host
from tests.tui.training.runs import run
from tui.widgets.lines import width_of
from tui.widgets.strip import TrainingStrip, spark, strip_line


def line(snapshot=None, width: int = 120) -> str:
    return "".join(text for text, _ in strip_line(snapshot or run(), width, "braille"))


def test_a_run_under_way_says_everything_where_there_is_room() -> None:
    text = line()
    assert text.startswith("▶ smollm2-lora-002  ")
    for part in ("loss 0.221", "held-out 0.653", "step 118/240", "512 tok/s", "ETA 1 m 13 s"):
        assert part in text


def test_at_eighty_columns_curve_step_loss_and_eta_stay() -> None:
    text = line(width=78)
    assert all(word in text for word in ("loss", "step 118/240", "ETA"))
    assert any("\u2800" < character < "\u2900" for character in text)


@pytest.mark.parametrize("width", [20, 30, 40, 60, 78, 100, 200])
@pytest.mark.parametrize("state", list(RunState))
def test_no_width_is_overrun(width: int, state: RunState) -> None:
    snapshot = run(state=state, reason="Training ran out of memory at step 118; make the batch smaller.")
    assert width_of(strip_line(snapshot, width, "braille")) <= width


def test_the_end_says_how_it_ended_and_what_to_press() -> None:
    assert "✓ smollm2-lora-002  finished" in line(run(240, 240, RunState.FINISHED))
    assert line(run(240, 240, RunState.FINISHED)).endswith("press 3 to compare")
    assert "failed: It ran out of memory." in line(run(7, state=RunState.FAILED, reason="It ran out of memory."))
    assert "paused: The disk is full." in line(run(7, state=RunState.PAUSED, reason="The disk is full."))
    assert line(run(7, state=RunState.LOST, reason="The machine went down.")).startswith("? ")


def test_before_the_first_step_it_says_what_is_done() -> None:
    assert line(run(0, state=RunState.STARTING, reason="Converting the model.")).endswith("Converting the model.")


def test_foreign_text_is_only_text() -> None:
    text = line(run(0, state=RunState.STARTING, reason="[red]\x1b[2J\n"))
    assert "\x1b" not in text
    assert "\n" not in text
    assert "[red]" in text


def test_a_spark_falls_with_the_loss() -> None:
    assert spark([3.0, 2.0, 1.0, 0.5], 2, "braille") == "⠹⢤"
    assert spark([float("nan")], 3, "braille") == "   "
    assert spark([1.0, 0.5], 4, "ascii").isascii()


async def test_it_shows_an_active_run_then_its_end_and_no_other_that_is_over() -> None:
    strip = TrainingStrip(markers="braille")
    async with Host(strip).run_test(size=(100, 5)) as pilot:
        strip.show_run(run(240, 240, RunState.FINISHED, run_id="older-001"))
        assert not strip.has_class("-shown")
        strip.show_run(run())
        await pilot.pause()
        assert strip.active
        assert "step 118/240" in strip.plain
        strip.show_run(run(240, 240, RunState.FINISHED, run_id="older-001"))
        assert "smollm2-lora-002" in strip.plain
        strip.show_run(run(240, 240, RunState.FINISHED))
        assert "finished" in strip.plain
        assert not strip.active
        strip.dismiss()
        assert not strip.has_class("-shown")


async def test_of_two_active_runs_the_younger_is_shown() -> None:
    strip = TrainingStrip(markers="braille")
    older = replace(run(run_id="older-001"), started=1.0)
    async with Host(strip).run_test(size=(100, 5)) as pilot:
        strip.show_run(older)
        strip.show_run(run())
        strip.show_run(older)
        await pilot.pause()
        assert "smollm2-lora-002" in strip.plain
