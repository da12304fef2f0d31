"""`burnish evaluate` against real local servers."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.engine.chat.scripted import HANG, status
from tests.engine.evaluation.answering import Answering, answering
from tests.engine.evaluation.test_asking import SPEEDS, dataset, right, until_kept, wrong_about
from tui.cli import main


async def evaluate(capsys: pytest.CaptureFixture[str], workspace: Path, *words: str) -> tuple[int, str, str]:
    """Run the command beside the servers; gives its exit code and what it printed."""
    code = await asyncio.to_thread(main, ["evaluate", *words, "-C", str(workspace)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def arms(*servers: Answering) -> list[str]:
    names = ("base", "tuned", "third")
    return [word for name, server in zip(names, servers, strict=False) for word in ("--arm", server.arm(name).text)]


async def test_a_file_is_asked_told_and_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset(tmp_path)
    page, table = tmp_path / "out.html", tmp_path / "out.csv"
    async with answering(wrong_about("RP2040", "ESP32")) as base, answering(wrong_about("nRF52840")) as tuned:
        words = ["pairs.jsonl", *arms(base, tuned)]
        code, out, err = await evaluate(capsys, tmp_path, *words, "--export", str(page))
        assert code == 0
        assert "base: 3 of 5 right, 60.0 % (" in out
        assert "tuned: 4 of 5 right, 80.0 % (" in out
        assert "Not enough evidence: 2 became right and 1 stopped being right" in out
        assert "other facts in 3 of 5 rows" in out
        assert "  row 5  What is the maximum clock speed of the nRF52840?  64 MHz → 9 MHz\n" in out
        assert "pairs-001: 5 rows of pairs.jsonl" in err
        assert "10 of 10 answers" in err
        assert "<script" not in page.read_text()
        code, out, _ = await evaluate(capsys, tmp_path, *words, "--rows", "2", "--json")
        values: dict[str, Any] = json.loads(out)
        assert (code, values["id"], values["questions"], values["answered"]) == (0, "pairs-002", 2, 4)
        assert values["summary"]["arms"][1]["accuracy"] == 1.0
        assert values["summary"]["pairs"][0]["significant"] is False
        assert [row["row"] for row in values["rows"]] == [1, 3]
    code, out, _ = await evaluate(capsys, tmp_path, "list")
    assert [line.split()[0] for line in out.splitlines()] == ["pairs-002", "pairs-001"]
    assert "tuned 80.0 %" in out
    code, out, _ = await evaluate(capsys, tmp_path, "list", "--json")
    assert [each["id"] for each in json.loads(out)] == ["pairs-002", "pairs-001"]
    code, out, _ = await evaluate(capsys, tmp_path, "show", "pairs-001", "--export", str(table))
    assert "tuned: 4 of 5 right" in out
    with table.open(newline="") as file:
        assert len(list(csv.reader(file))) == 6
    code, out, _ = await evaluate(capsys, tmp_path, "show", "pairs-001", "--json")
    assert len(json.loads(out)["rows"]) == len(SPEEDS)


async def test_what_failed_is_said_and_asked_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset(tmp_path)
    async with (
        answering(right) as base,
        answering(lambda asked: status(500, "oops") if "ESP32" in asked else right(asked)) as tuned,
    ):
        code, out, err = await evaluate(capsys, tmp_path, "pairs.jsonl", *arms(base, tuned))
        assert code == 1
        assert "tuned: 4 of 4 right" in out
        assert "1 request failed (Tuned failed while it answered" in err
        assert "`burnish evaluate --resume pairs-001` asks them again." in err
        _, out, _ = await evaluate(capsys, tmp_path, "show", "pairs-001")
        assert "1 answer missing: `burnish evaluate --resume pairs-001`" in out
        tuned.reply = right
        code, out, _ = await evaluate(capsys, tmp_path, "--resume", "pairs-001")
        assert code == 0
        assert "tuned: 5 of 5 right" in out
        assert len(tuned.asked) == 6


async def test_an_interrupted_command_loses_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset(tmp_path)
    async with answering(right) as base, answering(lambda _: HANG) as tuned:
        command = [sys.executable, "-m", "tui.cli", "evaluate", "pairs.jsonl", *arms(base, tuned), "-C", str(tmp_path)]
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=dict(os.environ)
        )
        await tuned.until(lambda: tuned.at_once == 4)
        await until_kept(tmp_path, 5)
        process.send_signal(signal.SIGINT)
        _, err = await process.communicate()
        assert process.returncode == 130
        assert b"interrupted" in err
        assert b"Traceback" not in err
        tuned.reply = right
        code, _, _ = await evaluate(capsys, tmp_path, "--resume", "pairs-001")
        assert (code, len(base.requests), len(tuned.requests)) == (0, 5, 9)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "give a run or a file"),
        (("pairs.jsonl", "--resume", "pairs-001"), "give a run or a file"),
        (("pairs.jsonl", "--arm", "x"), "is no arm"),
        (("pairs.jsonl", "--arm", "a=http://127.0.0.1:9", "--export", "x.pdf"), "must end in"),
        (("pairs.jsonl", "--rows", "-1"), "--rows must be"),
        (("--resume", "nothing"), "There is no evaluation nothing"),
        (("show",), "`show` needs the id"),
        (("list", "--export", "x.csv"), "goes with"),
    ],
)
def test_mistakes_are_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    dataset(tmp_path)
    assert main(["evaluate", *words, "-C", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert sentence in err
    assert err.count("\n") == 1


def test_without_a_server_there_is_one_sentence_and_no_evaluation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dataset(tmp_path)
    assert main(["evaluate", "pairs.jsonl", "-C", str(tmp_path)]) == 1
    assert "base server is not running" in capsys.readouterr().err
    assert main(["evaluate", "list", "-C", str(tmp_path)]) == 0
    assert "No evaluation in" in capsys.readouterr().out
