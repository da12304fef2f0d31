"""The monitor shows a run in whatever state it is, at every size, and steers it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.message import Message
from textual.pilot import Pilot

from engine.hardware.gpu import GpuLoad
from engine.jobs.events import CheckpointSaved, Resumed, RunState, Warned
from engine.reports import HardwareSampled, RunSnapshot
from tests.tui.host import Host
from tests.tui.training.recording import RecordingEngine
from tests.tui.training.runs import START, listed, run
from tests.waiting import workers_end
from tui.messages import ServingWanted
from tui.training.monitor import Monitor
from tui.training.pane import TrainingPane

WIDE = (120, 36)
NARROW = (80, 21)
BESIDE_OTHERS = (98, 22)
TINY = (50, 16)


def pane_of(workspace: Path) -> TrainingPane:
    return TrainingPane(RecordingEngine(), workspace=workspace, id="training")


def asked(pane: TrainingPane) -> list[tuple[str, object]]:
    assert isinstance(pane.engine, RecordingEngine)
    return pane.engine.asked


async def show(pilot: Pilot[None], pane: TrainingPane, *runs: RunSnapshot) -> Monitor:
    """Report these runs, the first of them in full."""
    pane.receive(listed(*runs))
    pane.receive(runs[0])
    pane.focus_first()
    await settled(pilot)
    chart = pane.monitor.chart
    while not chart.lines or (chart.content.newest and len(chart.lines) != chart.size.height):
        await pilot.pause()
    return pane.monitor


async def settled(pilot: Pilot[None]) -> None:
    """Let the threads that judge and read come to their end."""
    await workers_end(pilot)


@pytest.mark.parametrize("size", [WIDE, NARROW, BESIDE_OTHERS, TINY, (200, 50)])
async def test_curve_figures_and_the_newest_answer_are_in_sight_at_every_size(
    size: tuple[int, int], tmp_path: Path
) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=size) as pilot:
        monitor = await show(pilot, pane, run())
        for part in (monitor.run_list, monitor.chart, monitor.figures, monitor.samples, monitor.log_tail):
            assert part.region.height > 0
            assert monitor.region.contains_region(part.region)
            assert len(part.lines) <= part.size.height
        assert monitor.chart.size.height >= 4
        assert "118 / 240" in monitor.figures.plain
        assert "0.221" in monitor.figures.plain
        assert "✓150 MHz" in monitor.samples.plain
        assert "line 30 of the log" in monitor.log_tail.plain


async def test_the_figures_stand_below_each_other(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=NARROW) as pilot:
        monitor = await show(pilot, pane, run())
        pane.receive(HardwareSampled(8 << 30, 24 << 30, 0.9))
        assert monitor.figures.plain.splitlines() == [
            "smollm2-lora-002     ▶ running",
            "step      118 / 240",
            "epoch     3.9 of 8",
            "loss      0.221",
            "held-out  0.653",
            "best      0.653 at step 90",
            "speed     512 tok/s",
            "padded    621 tok/s",
            "ETA       1 m 13 s",
            "elapsed   1 m 21 s",
            "memory    2.1 GiB of 24 GiB",
            "lr        5.1e-4",
            "grad norm 0.38",
            "saved     step 100, 14 MiB",
        ]


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        (RunState.QUEUED, "Not started yet.", "waiting"),
        (RunState.STARTING, "Converting the model.", "Converting the model."),
        (RunState.STOPPING, "", "saving and stopping"),
        (RunState.FINISHED, "", "finished"),
        (RunState.STOPPED, "", "stopped"),
        (RunState.FAILED, "It ran out of memory at step 118.", "It ran out of memory"),
        (RunState.LOST, "The machine went down at step 118.", "The machine went down"),
    ],
)
async def test_every_state_has_a_sign_and_words(state: RunState, reason: str, words: str, tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=WIDE) as pilot:
        done = 0 if state in (RunState.QUEUED, RunState.STARTING) else 118
        monitor = await show(pilot, pane, run(done, state=state, reason=reason))
        assert words in monitor.figures.plain
        assert monitor.run_list.lines[1][-1][0] in "▶✓■✗?·"


@pytest.mark.parametrize(
    ("state", "reason", "resumes_at", "said"),
    [
        (
            RunState.PAUSED,
            "The disk is full; make room, then resume.",
            100,
            ("‖ paused", "disk is full", "r goes on from step 100"),
        ),
        (RunState.LOST, "The machine went down at step 118.", 0, ("? lost", "machine went down", "r starts it over")),
        (
            RunState.QUEUED,
            "Waits for older-001 to end.",
            None,
            ("· waiting", "Waits for", "K takes it out of the queue"),
        ),
    ],
)
async def test_a_run_that_waits_says_why_and_which_key_helps(
    state: RunState, reason: str, resumes_at: int | None, said: tuple[str, ...], tmp_path: Path
) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=NARROW) as pilot:
        done = 0 if state is RunState.QUEUED else 118
        monitor = await show(pilot, pane, replace(run(done, state=state, reason=reason), resumes_at=resumes_at))
        for words in said:
            assert words in monitor.figures.plain
        assert bool(monitor.check_action("resume", ())) == (resumes_at is not None)
        assert bool(monitor.check_action("kill", ())) == (state is RunState.QUEUED)


async def test_what_keeps_the_process_alive_and_what_was_noted_is_told(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=(120, 60)) as pilot:
        noted = replace(run(), launcher="systemd", tags=("keep", "[b]"), note="two\nlines")
        monitor = await show(pilot, pane, noted)
        assert "kept by   systemd" in monitor.figures.plain
        assert "tags      keep [b]" in monitor.figures.plain
        assert "note      two" in monitor.figures.plain


async def test_a_loss_that_is_no_number_is_said_and_marked(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, run(118, nan_at=range(100, 119)))
        assert "not a number" in monitor.figures.plain
        assert "✗ no number" in monitor.chart.plain.splitlines()[0]


async def test_warnings_stay_in_sight(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    warned = replace(run(), warnings=(Warned("3 rows were cut to 512 tokens.", t=START + 20),))
    async with Host(pane).run_test(size=NARROW) as pilot:
        monitor = await show(pilot, pane, warned)
        assert "3 rows were cut to 512 tokens." in monitor.log_tail.plain
        assert "! warning" in monitor.chart.plain.splitlines()[0] or "!" in monitor.chart.plain


async def test_stop_asks_first_and_a_no_changes_nothing(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, run())
        await pilot.press("s")
        assert "Stop smollm2-lora-002 after this step and save its model?" in monitor.confirm.plain
        await pilot.press("n")
        assert ("stop", "smollm2-lora-002") not in asked(pane)
        assert not monitor.confirm.display
        assert pilot.app.focused is monitor.run_list
        await pilot.press("s", "y")
        assert ("stop", "smollm2-lora-002") in asked(pane)


async def test_kill_says_what_is_lost_and_asks(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, run())
        await pilot.press("K")
        assert "only step 100 is kept" in monitor.confirm.plain
        await pilot.press("escape")
        assert ("kill", "smollm2-lora-002") not in asked(pane)
        await pilot.press("K", "y")
        assert ("kill", "smollm2-lora-002") in asked(pane)


@pytest.mark.parametrize(
    ("step", "question"),
    [(100, "Resume smollm2-lora-002 from step 100?"), (0, "No checkpoint: start smollm2-lora-002 over?")],
)
async def test_a_run_that_ended_early_is_resumed(step: int, question: str, tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    lost = replace(run(state=RunState.LOST, reason="The machine went down at step 118."), resumes_at=step)
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, lost)
        await pilot.press("r")
        assert question in monitor.confirm.plain
        await pilot.press("n")
        assert ("resume", "smollm2-lora-002") not in asked(pane)
        await pilot.press("r", "y")
        assert ("resume", "smollm2-lora-002") in asked(pane)


async def test_a_resumed_run_shows_where_it_went_on(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=WIDE) as pilot:
        await show(pilot, pane, run(118))
        monitor = await show(pilot, pane, replace(run(104), resumptions=(Resumed(100, t=START + 90),)))
        assert "104 / 240" in monitor.figures.plain
        assert "↻ resumed" in monitor.chart.plain.splitlines()[0]
        train = next(curve.series for curve in monitor.chart.content.curves if curve.name == "train")
        assert train.xs == [float(step) for step in range(1, 105)]


async def test_what_cannot_be_done_now_is_not_offered(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, run())
        offered = {binding.action for _, binding, enabled, _ in pilot.app.screen.active_bindings.values() if enabled}
        assert {"stop", "kill", "log_scale", "log", "new_run"} <= offered
        assert offered.isdisjoint({"serve", "resume"})
        await show(pilot, pane, run(240, 240, RunState.FINISHED))
        assert monitor.check_action("serve", ())
        assert not monitor.check_action("stop", ())
        assert not monitor.check_action("kill", ())
        assert not monitor.check_action("question", ())


async def test_a_finished_run_can_be_served(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    messages: list[Message] = []
    async with Host(pane).run_test(size=WIDE, message_hook=messages.append) as pilot:
        await show(pilot, pane, run(240, 240, RunState.FINISHED))
        await pilot.press("v")
        await pilot.pause()
        assert "smollm2-lora-002" in [each.run_id for each in messages if isinstance(each, ServingWanted)]


async def test_choosing_another_run_asks_the_engine_for_it(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    older = run(57, state=RunState.FAILED, run_id="older-001", reason="It ran out of memory.")
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, run(), older)
        assert monitor.run_list.chosen == "smollm2-lora-002"
        await pilot.press("j")
        assert ("watch", "older-001") in asked(pane)
        assert "57 / 240" in monitor.figures.plain
        assert "reading the run's steps" in monitor.chart.plain
        pane.receive(older)
        assert "reading" not in monitor.chart.plain
        await pilot.press("k")
        assert monitor.run_list.chosen == "smollm2-lora-002"


async def test_the_choice_stays_when_a_run_comes(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    older = run(57, state=RunState.FAILED, run_id="older-001")
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, older)
        pane.receive(listed(run(), older))
        assert monitor.run_list.chosen == "older-001"
        pane.receive(listed(run()))
        assert monitor.run_list.chosen == "smollm2-lora-002"


async def test_many_runs_scroll_with_the_choice(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    runs = [run(3, run_id=f"run-{number:03d}") for number in range(60, 0, -1)]
    async with Host(pane).run_test(size=NARROW) as pilot:
        monitor = await show(pilot, pane, *runs)
        assert "run-060" in monitor.run_list.plain
        await pilot.press("G")
        assert monitor.run_list.chosen == "run-001"
        assert "▸ run-001" in monitor.run_list.plain
        await pilot.press("g")
        assert "▸ run-060" in monitor.run_list.plain


async def test_keys_change_the_curve(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, run())
        await pilot.press("l")
        assert "log" in monitor.chart.plain.splitlines()[0]
        await pilot.press("plus")
        assert monitor.chart.zoomed
        await pilot.press("0")
        assert not monitor.chart.zoomed
        await pilot.press("enter", "left")
        assert pilot.app.focused is monitor.chart
        assert "step 118" in monitor.chart.plain


async def test_the_log_is_read_in_full_and_closed_again(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "smollm2-lora-002"
    folder.mkdir(parents=True)
    (folder / "log.txt").write_text("".join(f"\x1b[31mline {number}\x1b[0m\n" for number in range(1, 501)))
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=NARROW) as pilot:
        await show(pilot, pane, replace(run(), folder=folder))
        await pilot.press("f")
        await settled(pilot)
        view = pilot.app.query_one("LogLines")
        assert pilot.app.focused is view
        text = str(getattr(view, "plain", ""))
        assert text.splitlines()[0] == "log of smollm2-lora-002  lines 481 to 500 of 500  following"
        assert text.endswith("line 500")
        await pilot.press("g")
        await settled(pilot)
        assert "line 1\n" in str(getattr(view, "plain", ""))
        await pilot.press("escape")
        assert pilot.app.focused is pane.monitor.run_list


async def test_answers_to_several_questions_take_turns(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    both = run()
    other = tuple(replace(sample, question="How much SRAM does it have?") for sample in both.samples)
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, replace(both, samples=(*both.samples, *other)))
        assert "1 of 2" in monitor.samples.plain
        await pilot.press("o")
        assert "2 of 2  How much SRAM does it have?" in monitor.samples.plain


async def test_a_hundred_thousand_steps_are_shown(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    whole = run(100_000, 120_000)
    longer = run(100_004, 120_000)
    more = replace(longer, progress=(*whole.progress, *longer.progress[-4:]))
    async with Host(pane).run_test(size=WIDE) as pilot:
        pane.receive(listed(whole))
        pane.receive(whole)
        await pilot.pause()
        assert "100,000 / 120,000" in pane.monitor.figures.plain
        pane.receive(more)
        await pilot.pause()
        assert "100,004 / 120,000" in pane.monitor.figures.plain


async def test_nothing_new_repaints_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, run())
        repainted: list[str] = []
        for part in (monitor.run_list, monitor.chart, monitor.figures, monitor.samples, monitor.log_tail):
            monkeypatch.setattr(part, "refresh", lambda *_, name=part.id, **__: repainted.append(str(name)))
        pane.receive(listed(run()))
        pane.receive(run())
        assert repainted == []


async def test_foreign_text_is_only_text(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    evil = "[red]\x1b[2J\x07 1.2 GHz\n"
    sample = replace(run().samples[0], question=evil, answer=evil)
    nasty = replace(run(), samples=(sample,), log_tail=(evil,), reason=evil, state=RunState.FAILED)
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, nasty)
        for part in (monitor.samples, monitor.log_tail, monitor.figures):
            assert "\x1b" not in part.plain
            assert "[red]" in part.plain


async def test_a_run_without_a_job_file_is_shown(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, replace(run(), job=None, started=None))
        assert "118 / 240" in monitor.figures.plain


async def test_a_tall_pane_tells_rates_and_the_machine(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    rows = tuple(replace(each, rows=each.step * 4, mfu=0.314) for each in run().progress)
    async with Host(pane).run_test(size=(120, 60)) as pilot:
        monitor = await show(pilot, pane, replace(run(), progress=rows))
        pane.receive(HardwareSampled(8 << 30, 24 << 30, 0.9, (GpuLoad(0.97, 64, 210.4), GpuLoad(None, None, None))))
        text = monitor.figures.plain
        for line in (
            "speed     512 tok/s",
            "padded    621 tok/s",
            "samples   6.21 /s",
            "MFU       31 %",
            "cpu       90 %",
            "gpu       97 %  64 °C  210 W",
            "gpu 1     –",
            "tokens    38,940, 18 % padding",
            "method    lora",
        ):
            assert line in text
        assert "elapsed   1 m 21 s" in text


async def test_the_series_are_gone_through_with_one_key(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, run())
        titles = []
        for _ in range(6):
            titles.append(monitor.chart.content.title)
            await pilot.press("c")
        assert titles == ["loss", "held-out loss", "learning rate", "grad norm", "tokens/s", "memory"]
        assert monitor.chart.content.title == "loss"
        await pilot.press("C")
        assert monitor.chart.content.title == "memory"


async def test_smoothing_and_the_axis_change_with_a_key(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, run())
        assert [curve.kind for curve in monitor.chart.content.curves] == ["band", "points", "line"]
        await pilot.press("m")
        assert monitor.chart.plain.startswith("loss, strong smoothing")
        await pilot.press("m")
        assert monitor.chart.plain.startswith("loss, no smoothing")
        assert [curve.kind for curve in monitor.chart.content.curves] == ["points", "line"]
        await pilot.press("a")
        assert monitor.chart.plain.splitlines()[-1].endswith("epoch")
        await pilot.press("a")
        assert "1 m 30 s" in monitor.chart.plain.splitlines()[-1]
        await pilot.press("a")
        assert monitor.chart.content.across.unit == "step"


async def test_the_cross_hair_reads_every_series_and_names_events(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, run())
        await pilot.press("enter", "comma")
        assert "step 100" in monitor.chart.plain.splitlines()[0]
        assert "◆ checkpoint 14 MiB" in monitor.chart.plain.splitlines()[0]
        figures = monitor.figures.plain
        for line in (
            "at step   100",
            "loss      0.299",
            "held-out  0.653 at step 90",
            "lr        5.9e-4",
            "saved     14 MiB",
        ):
            assert line in figures
        await pilot.press("comma")
        assert "step 90" in monitor.chart.plain.splitlines()[0]
        assert "○ held-out 0.653" in monitor.chart.plain.splitlines()[0]
        await pilot.press("escape")
        assert "118 / 240" in monitor.figures.plain


async def test_a_zoomed_view_is_moved_with_the_keys(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, run(240, 240, RunState.FINISHED))
        await pilot.press("enter", "plus", "plus")
        assert monitor.chart.view.end == 240
        await pilot.press("left_square_bracket")
        assert (monitor.chart.view.start, monitor.chart.view.end) == (150, 210)
        await pilot.press("right_square_bracket", "right_square_bracket")
        assert monitor.chart.view.end == 240


async def test_runs_are_marked_to_lie_beside_each_other(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    older = run(57, state=RunState.FAILED, run_id="older-001", reason="It ran out of memory.")
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, run(), older)
        await pilot.press("space", "j")
        pane.receive(older)
        await settled(pilot)
        assert monitor.run_list.chosen == "older-001"
        assert " A smollm2-lora-002" in monitor.run_list.plain
        assert "▸B older-001" in monitor.run_list.plain
        lines = monitor.chart.plain.splitlines()
        assert lines[1].startswith("A smollm2-lora-002  last 0.221  best 0.221")
        assert "B older-001  last 0.660  best 0.660" in monitor.chart.plain
        drawn = "".join(lines[3:-2])
        assert "A" in drawn
        assert "B" in drawn
        assert len(monitor.chart.lines) == monitor.chart.size.height
        await pilot.press("enter", "home")
        assert "A smollm2-lora-002  2.0" in monitor.chart.plain
        await pilot.press("escape", "escape", "k", "space")
        assert "older" not in monitor.chart.plain
        await pilot.press("space", "u")
        assert not monitor.check_action("unmark", ())


async def test_marked_runs_stay_in_the_chart_while_others_are_looked_at(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    runs = [run(50 + number, run_id=f"run-{number:03d}") for number in range(9, 0, -1)]
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, *runs)
        for each in runs[:7]:
            pane.receive(each)
            await pilot.press("space", "j")
        for each in runs:
            pane.receive(each)
        assert [curve.sign for curve in monitor.chart.content.curves] == [*"HGFEDCBA"]
        # The seventh has the first one's colour again, and a sign of its own.
        styles = {curve.sign: curve.style for curve in monitor.chart.content.curves}
        assert styles["G"] == styles["A"] == "run-1"
        pane.receive(listed(*runs[1:]))
        assert runs[0].run_id not in [curve.name for curve in monitor.chart.content.curves]


async def test_the_final_save_is_what_can_be_served(tmp_path: Path) -> None:
    pane = pane_of(tmp_path)
    stopped = replace(run(state=RunState.STOPPED), checkpoints=(CheckpointSaved(118, "checkpoints/118", 1),))
    async with Host(pane).run_test(size=WIDE) as pilot:
        monitor = await show(pilot, pane, stopped)
        assert not monitor.check_action("serve", ())
