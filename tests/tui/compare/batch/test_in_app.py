"""An evaluation in the whole workbench: a real engine, real local servers, keys only."""

from __future__ import annotations

import json
from concurrent.futures import Future
from pathlib import Path

import pytest

from data.errors import BurnishError
from engine.chat.arms import write_arms
from engine.evaluation.batch import evaluations_folder
from tests.engine.chat.scripted import DROP
from tests.engine.evaluation.answering import answering
from tests.engine.evaluation.test_asking import dataset, right, wrong_about
from tests.tui.test_app import opened, shown, until
from tui.app import BurnishApp
from tui.compare.batch.screen import BatchScreen
from tui.told.screen import ToldScreen

DYING = "127.100.105.101"
"""An address of this machine at which nothing else takes a port while nothing listens at it."""
FULL_DISK = "The disk is full: pairs-001.jsonl was not written."


def text(app: BurnishApp) -> str:
    """Everything on the screen."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips(app.size))


def refuse(*_: object) -> Future[None]:
    """As the engine does where the disk is full."""
    future: Future[None] = Future()
    future.set_exception(BurnishError(FULL_DISK))
    return future


async def test_from_the_form_to_the_export_and_through_a_dead_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset(tmp_path, 2)
    (tmp_path / ".burnish").mkdir()
    async with answering(wrong_about("RP2040", "ESP32")) as base, answering(wrong_about("nRF52840"), 0, DYING) as tuned:
        port = tuned.port
        write_arms(tmp_path, (base.arm("base"), tuned.arm("tuned")))

        def dying(asked: str) -> object:
            if len(tuned.requests) < 5:
                return right(asked)
            tuned.server.close()
            return DROP

        tuned.reply = dying
        app = BurnishApp(tmp_path)
        async with app.run_test(size=(120, 40)) as pilot:
            await opened(pilot)
            await pilot.press("3", "B")
            await until(pilot, lambda: "evaluate many rows" in text(app), "the form")
            assert "pairs.jsonl" in text(app)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: "Stopped: tuned is gone" in text(app), "the sentence about the dead server")
            async with answering(wrong_about("nRF52840"), port, DYING):
                await pilot.press("c")
                await until(pilot, lambda: "✓ 20 of 20 answers" in text(app), "the rest of the answers")
            await pilot.press("r")
            await until(pilot, lambda: "64 MHz → 9 MHz" in text(app), "the regression with its facts")
            await pilot.press("x", "j")
            await until(pilot, lambda: "Written to pairs-001.jsonl." in text(app), "the export")
            with monkeypatch.context() as full:
                full.setattr(app.engine, "export_evaluation", refuse)
                await pilot.press("x", "j")
                await until(pilot, lambda: FULL_DISK in text(app), "why it is not exported")
            await pilot.press("f7")
            await until(pilot, lambda: isinstance(app.screen, ToldScreen) and FULL_DISK in text(app), "the messages")
            await pilot.press("escape")
            await pilot.press("1")
            await until(pilot, lambda: not isinstance(app.screen, BatchScreen), "the workbench")
            await until(pilot, lambda: shown(app) == {"dataset"}, "the dataset")
    lines = (tmp_path / "pairs-001.jsonl").read_text().splitlines()
    verdicts = [json.loads(line)["answers"]["tuned"]["verdict"] for line in lines]
    assert len(verdicts) == 10
    assert verdicts.count("wrong") <= 2
    assert (evaluations_folder(tmp_path) / "pairs-001").is_dir()


async def test_quitting_in_the_middle_leaves_what_was_answered(tmp_path: Path) -> None:
    dataset(tmp_path)
    async with answering(right) as base, answering(right) as tuned:
        (tmp_path / ".burnish").mkdir()
        write_arms(tmp_path, (base.arm("base"), tuned.arm("tuned")))
        tuned.gate.clear()
        app = BurnishApp(tmp_path)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await pilot.press("3", "B")
            await until(pilot, lambda: "evaluate many rows" in text(app), "the form")
            await pilot.press("ctrl+s")
            await until(pilot, lambda: "▶" in text(app) and "5 of 10 answers" in text(app), "what base said")
        again = BurnishApp(tmp_path)
        async with again.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            tuned.gate.set()
            await pilot.press("3", "B")
            await until(pilot, lambda: "■ 5 of 10 answers" in text(again), "what was kept")
            await pilot.press("c")
            await until(pilot, lambda: "✓ 10 of 10 answers" in text(again), "the rest")
        assert len(base.requests) == 5
