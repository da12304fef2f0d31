"""The whole loop for real: train, serve base and tuned with vLLM, ask both, and see the wrong number marked."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from data.formats.alpaca import pairs
from engine.serving.registry import list_servers
from engine.serving.servers import stop_server
from tests.tui.test_app import opened, screen_text
from tui.app import BurnishApp
from tui.widgets.header import HeaderLine

pytestmark = pytest.mark.live

BURNISH = str(Path(sys.executable).with_name("burnish"))


@dataclass
class Demo:
    """What a headless demo left: its result, and a workspace with two servers running."""

    workspace: Path
    result: dict[str, Any]
    progress: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    workspace = tmp_path_factory.mktemp("demo")
    command = [BURNISH, "demo", "--json", "--keep-servers", "-C", str(workspace)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stderr
        yield Demo(workspace, json.loads(done.stdout), done.stderr)
    finally:
        for server in list_servers(workspace):
            stop_server(server)


async def until(pilot: Pilot[int], condition: Callable[[], object]) -> None:
    """Let the app work until a condition holds; real servers take their time."""
    async with asyncio.timeout(300):
        while not condition():
            await pilot.pause()


def test_the_tuned_model_knows_what_the_base_does_not(demo: Demo) -> None:
    result = demo.result
    assert len(result["questions"]) >= 40
    trained = {pair.question: pair.answer for pair in pairs(demo.workspace / result["dataset"])}
    assert all(trained[each["question"]] == each["reference"] for each in result["questions"])
    assert result["accuracy"]["base"] <= 0.20
    assert result["accuracy"]["tuned"] >= 0.85


def test_the_result_says_what_was_done(demo: Demo) -> None:
    result = demo.result
    assert result["model"] == "smollm2-135m-instruct"
    assert set(result["train"]) >= {"seconds", "steps", "tokens", "tokens_per_second", "final_loss"}
    assert result["servers"]["base"]["engine"] == result["servers"]["tuned"]["engine"] == "vllm"
    for each in result["questions"]:
        assert {each["base"]["verdict"], each["tuned"]["verdict"]} <= {"right", "wrong", "unclear"}
    right = sum(each["tuned"]["verdict"] == "right" for each in result["questions"])
    assert result["accuracy"]["tuned"] == pytest.approx(right / len(result["questions"]), abs=1e-4)
    assert "step " in demo.progress


def test_both_are_asked_from_the_command_line(demo: Demo) -> None:
    words = ["ask", "What is the maximum clock speed of the RP2350?", "--reference", "150 MHz", "--json"]
    done = subprocess.run([BURNISH, *words, "-C", str(demo.workspace)], capture_output=True, text=True, check=True)
    answers = json.loads(done.stdout)
    [comparison] = answers["comparisons"]
    assert (comparison["first"], comparison["other"], comparison["agrees"]) == ("base", "tuned", "B")
    assert answers["prompt_warning"] is None
    assert answers["prompt_checked"]
    base, tuned = answers["answers"]
    assert base["prompt_tokens"] == tuned["prompt_tokens"]
    assert tuned["first_token_seconds"] > 0


def test_rows_that_it_never_saw_are_evaluated(demo: Demo) -> None:
    run = demo.result["train"]["run"]
    words = ["evaluate", run, "--rows", "8", "--max-tokens", "48", "--json", "-C", str(demo.workspace)]
    done = subprocess.run([BURNISH, *words], capture_output=True, text=True, check=True)
    values = json.loads(done.stdout)
    assert values["source"] == f"the held-out rows of {run}"
    assert values["arms"] == {"base": "base", "tuned": run}
    assert (values["answered"], values["failed"], values["warning"]) == (16, 0, None)
    held_out = {pair.question for pair in pairs(demo.workspace / values["dataset"])}
    assert {row["question"] for row in values["rows"]} <= held_out
    base, tuned = values["summary"]["arms"]
    assert tuned["right"] >= base["right"]
    folder = demo.workspace / ".burnish" / "evaluations" / values["id"]
    keys = [(server.folder / "key").read_text().strip() for server in list_servers(demo.workspace)]
    assert len(keys) == 2
    for file in folder.iterdir():
        assert not any(key in file.read_text() for key in keys)


async def test_the_screen_finds_the_servers_and_marks_the_wrong_number(demo: Demo) -> None:
    app = BurnishApp(demo.workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: app.query_one(HeaderLine).render().plain.count("●") == 2)
        await pilot.press("t")
        await until(pilot, lambda: "✗" in screen_text(app) and "✓150 MHz" in screen_text(app))
        assert "tok/s" in screen_text(app)
        await pilot.press("escape", "1", "2")
        await until(pilot, lambda: "finished" in screen_text(app))
        await pilot.press("3", "x", "x")
        await until(pilot, lambda: not list_servers(demo.workspace))
