"""`burnish ask`: several models at their addresses, in words and as JSON."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from engine.chat.arms import Arm, write_arms
from tests.engine.chat.scripted import DONE, DROP, Scripted, event, model_server
from tui.cli import main

QUESTION = "What is the maximum clock speed of the RP2350?"


@contextmanager
def running(*scripts: tuple[object, ...]) -> Iterator[list[Scripted]]:
    """Servers on a thread of their own, one a script: the command has an event loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    stack = AsyncExitStack()

    async def start() -> list[Scripted]:
        return [await stack.enter_async_context(model_server(*script)) for script in scripts]

    with ExitStack() as ending:
        ending.callback(thread.join)
        ending.callback(lambda: loop.call_soon_threadsafe(loop.stop))
        servers = asyncio.run_coroutine_threadsafe(start(), loop).result(180)
        ending.callback(lambda: asyncio.run_coroutine_threadsafe(stack.aclose(), loop).result(180))
        yield servers


def saying(text: str) -> tuple[bytes, ...]:
    return event(text, tokens=6), event(tokens=6, finish="stop"), DONE


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["ask", QUESTION, *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_named_arms_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running(saying("It runs at 1.15 GHz.\x1b[2J"), saying("It runs at 150 MHz.")) as (base, tuned):
        arms = ("--arm", base.arm("a").text, "--arm", tuned.arm("b").text, "-C", str(tmp_path))
        code, out, err = asked(capsys, *arms, "--reference", "150 MHz")
        assert (code, err) == (0, "")
        assert "a  It runs at 1.15 GHz.␛[2J\n   6 tokens" in out
        assert "wrong by the reference" in out
        assert "≠ 1.15 GHz ≠ 150 MHz" in out
        settings = ("--temperature", "0.5", "--seed", "9", "--n", "2", "--max-tokens", "50", "--system", "Brief.")
        code, out, err = asked(capsys, *arms[:2], "-C", str(tmp_path), *settings)
        assert code == 1  # the scripted server gives one sample of the two
    request: dict[str, Any] = base.requests[-1]
    assert (request["temperature"], request["seed"], request["n"], request["max_tokens"]) == (0.5, 9, 2, 50)
    assert request["messages"][0] == {"role": "system", "content": "Brief."}


def test_as_json_every_arm_stands_with_its_comparison(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running(saying("1.15 GHz"), saying("150 MHz")) as (base, tuned):
        write_arms(tmp_path, [base.arm("base"), tuned.arm("tuned")])
        code, out, _ = asked(capsys, "--reference", "150 MHz", "--json", "-C", str(tmp_path))
    answers = json.loads(out)
    assert code == 0
    assert [(side["arm"], side["answer"], side["verdict"]) for side in answers["answers"]] == [
        ("base", "1.15 GHz", "wrong"),
        ("tuned", "150 MHz", "right"),
    ]
    [comparison] = answers["comparisons"]
    assert (comparison["first"], comparison["other"], comparison["agrees"]) == ("base", "tuned", "B")
    assert comparison["differing"] == [{"a": "1.15 GHz", "b": "150 MHz", "reason": "1.15 GHz ≠ 150 MHz"}]
    assert answers["prompt_checked"] is True
    assert answers["sampling"]["temperature"] == 0.0


def test_a_side_that_fails_is_told_and_the_others_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running((event("It", tokens=1), DROP), saying("150 MHz")) as (dying, fine):
        arms = ("--arm", dying.arm("a").text, "--arm", fine.arm("b").text)
        code, out, err = asked(capsys, *arms, "-C", str(tmp_path))
    assert code == 1
    assert "b  150 MHz" in out
    assert err.count("\n") == 1
    assert "A went away in the middle of its answer" in err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--arm", "nonsense"), "is no arm"),
        (("--arm", "a=base", "--arm", "a=tuned"), "Two arms are called a"),
        (("--temperature", "9"), "Temperature 9"),
        (("--n", "3"), "all the same"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    code, out, err = asked(capsys, *words, "-C", str(tmp_path))
    assert (code, out) == (2, "")
    assert sentence in err
    assert not (tmp_path / ".burnish").exists()


def test_nobody_to_ask_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_arms(tmp_path, [Arm("tuned", "tuned")])
    code, _, err = asked(capsys, "-C", str(tmp_path))
    assert code == 1
    assert "The tuned server is not running" in err
    assert err.count("\n") == 1
