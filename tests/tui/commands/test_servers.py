"""`burnish servers`, `serve` and `check-prompt` on real processes: a stand-in serves."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.chat.arms import Arm, default_arms, read_arms
from engine.jobs.events import Note
from engine.serving.pair import start_pair
from engine.serving.registry import Server, write_server
from engine.serving.servers import endpoint_of, list_servers, stop_server
from engine.serving.wish import Wish, read_wish
from engine.training.job import DatasetSection, MethodSection, TrainingJob
from engine.training.runs import create_run
from tests.engine.chat.scripted import serving, status
from tests.engine.serving.conftest import MakeModel
from tests.waiting import wait_for
from tui.cli import main

pytestmark = pytest.mark.usefixtures("stand_in")


@pytest.fixture
def pair(workspace: Path, make_model: MakeModel) -> tuple[Server, Server]:
    def quiet(note: Note) -> None:
        """Nobody reads along."""

    return asyncio.run(start_pair(workspace, make_model("b"), make_model("t"), quiet))


def printed(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Any:
    """What a command says as JSON."""
    assert main([*words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(list(words)) in (1, 2)
    said = capsys.readouterr().err.strip()
    assert "\n" not in said
    return said


def test_one_server_is_stopped_and_the_other_goes_on(
    capsys: pytest.CaptureFixture[str], workspace: Path, pair: tuple[Server, Server]
) -> None:
    here = ("-C", str(workspace))
    listed = printed(capsys, "servers", *here)
    assert [(each["name"], each["server"], each["state"]) for each in listed] == [
        ("base", "base", "ready"),
        ("tuned", "tuned", "ready"),
    ]
    assert [each["name"] for each in printed(capsys, "servers", "stop", "tuned", *here)] == ["base"]
    assert pair[0].alive()
    assert not pair[1].alive()
    assert "There is no server tuned in" in refused(capsys, "servers", "stop", "tuned", *here)
    assert main(["servers", "stop", *here]) == 0
    assert not pair[0].alive()
    assert capsys.readouterr().out == "Stopped base.\n"
    assert main(["servers", "stop", *here]) == 0
    assert "No server runs in" in capsys.readouterr().out


def test_the_log_of_a_server_is_printed(
    capsys: pytest.CaptureFixture[str], workspace: Path, pair: tuple[Server, Server]
) -> None:
    here = ("-C", str(workspace))
    with pair[0].log.open("a") as log:
        log.write("\x1b[31mone\x1b[0m\n" + "".join(f"line {number}\n" for number in range(100)) + "last")
    assert main(["servers", "logs", "base", "--lines", "3", *here]) == 0
    assert capsys.readouterr().out.splitlines() == ["line 98", "line 99", "last"]
    told = printed(capsys, "servers", "logs", "base", "--lines", "102", *here)
    assert told["log"] == str(pair[0].log)
    assert told["lines"][0] == "one"
    key = endpoint_of(pair[0]).api_key
    assert key
    assert main(["servers", "logs", "base", *here]) == 0
    assert key not in capsys.readouterr().out
    # The log of one that was stopped stays.
    stop_server(pair[0])
    assert main(["servers", "logs", "base", "--lines", "1", *here]) == 0
    assert capsys.readouterr().out == "last\n"
    for words, sentence in (
        (("logs", "other"), "There is no log of a server other"),
        (("logs",), "needs the name of a server"),
        (("logs", "base", "--lines", "-1"), "-1 lines cannot be shown"),
        (("logs", "base", "--follow", "--json"), "leave one of the two out"),
        (("list", "base"), "a name goes with stop and logs"),
        (("logs", "../x"), "cannot name a server"),
    ):
        assert sentence in refused(capsys, "servers", *words, *here)


def test_a_log_is_followed(workspace: Path, pair: tuple[Server, Server], tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "tui.cli", "servers", "logs", "base", "--lines", "1000", "--follow"]
    with out.open("w") as file, (tmp_path / "errors").open("w") as errors:
        process = subprocess.Popen([*command, "-C", str(workspace)], stdout=file, stderr=errors)
        try:
            wait_for(lambda: "starting the base server" in out.read_text(), what="the first line")
            with pair[0].log.open("a") as log:
                log.write("half")
                log.flush()
                log.write(" a line\nand more\n")
            wait_for(lambda: out.read_text().endswith("half a line\nand more\n"), what="what was added")
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(timeout=180) == 130


def test_a_run_whose_method_leaves_no_adapter_gets_two_servers(
    capsys: pytest.CaptureFixture[str], workspace: Path, make_model: MakeModel
) -> None:
    run = served_run(workspace, make_model, "full")
    assert main(["serve", run.name, "--layout", "one", "-C", str(workspace)]) == 0
    said = capsys.readouterr()
    assert "full leaves no adapter that vLLM can load beside the base model" in said.err
    assert "Base and tuned get a server each." in said.err
    assert [line.split()[:3] for line in said.out.splitlines()] == [
        ["base", "ready", "base"],
        ["tuned", "ready", run.name],
    ]


@pytest.mark.parametrize("behaviour", ["ready", "mixing"])
def test_one_server_is_taken_where_the_canary_trusts_it(
    capsys: pytest.CaptureFixture[str], workspace: Path, make_model: MakeModel, behaviour: str
) -> None:
    run = served_run(workspace, make_model, "lora", behaviour)
    assert main(["serve", run.name, "--layout", "one", "--json", "-C", str(workspace)]) == 0
    said = capsys.readouterr()
    listed = json.loads(said.out)
    assert [(each["name"], each["model"]) for each in listed] == [("base", "base"), ("tuned", run.name)]
    if behaviour == "mixing":
        assert "the base model takes on the adapter" in said.err
        assert [each["server"] for each in listed] == ["base", "tuned"]
        assert read_wish(workspace) == Wish(), "what was refused is not tried again with every run"
        return
    assert [each["server"] for each in listed] == ["shared", "shared"]
    assert listed[0]["port"] == listed[1]["port"]
    assert read_wish(workspace) == Wish("one"), "the screen serves in the same way"
    assert main(["serve", run.name, "--layout", "auto", "-C", str(workspace)]) == 0
    assert read_wish(workspace) == Wish()
    capsys.readouterr()
    # The next run keeps to the layout, without being told.
    process = list_servers(workspace)[0].identity()
    other = served_run(workspace, make_model, "lora")
    listed = printed(capsys, "serve", other.name, "-C", str(workspace))
    assert [each["model"] for each in listed] == ["base", other.name]
    assert list_servers(workspace)[0].identity() == process
    assert main(["servers", "stop", "tuned", "-C", str(workspace)]) == 0
    assert list_servers(workspace) == []


def served_run(workspace: Path, make_model: MakeModel, kind: Any, behaviour: str = "ready") -> Path:
    """A run with what it left, on a base model beside the workspace."""
    base = workspace.parent / "base"
    if not base.exists():
        make_model("base", behaviour)
    job = TrainingJob(model=str(base), dataset=DatasetSection("data.jsonl"), method=MethodSection(kind))
    run = create_run(workspace, job)
    (make_model(run.name)).rename(run / "model")
    adapter = run / "adapter"
    adapter.mkdir()
    config = {"peft_type": "LORA", "r": 8, "lora_alpha": 16, "target_modules": ["q_proj"]}
    (adapter / "adapter_config.json").write_text(json.dumps(config))
    (adapter / "adapter_model.safetensors").write_bytes(run.name.encode())
    (adapter / "tokenizer.json").write_text("{}")
    return run


def test_a_further_model_is_served_by_itself(
    capsys: pytest.CaptureFixture[str], workspace: Path, make_model: MakeModel
) -> None:
    here = ("-C", str(workspace))
    run, model = served_run(workspace, make_model, "lora"), make_model("other")
    assert [each["name"] for each in printed(capsys, "serve", run.name, "--name", "second", *here)] == ["second"]
    listed = printed(capsys, "serve", str(model), "--name", "third", *here)
    assert [(each["name"], each["model"]) for each in listed] == [("second", run.name), ("third", "other")]
    assert "There is no run other" in refused(capsys, "serve", "other", *here)
    assert "cannot name a server" in refused(capsys, "serve", str(model), "--name", "a b", *here).splitlines()[-1]
    assert "needs a run's id" in refused(capsys, "serve", *here)


def test_an_address_becomes_an_arm_and_nothing_is_started(
    capsys: pytest.CaptureFixture[str], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOX_KEY", "sk-secret")
    models = status(200, json.dumps({"data": [{"id": "qwen", "owned_by": "vllm"}, {"id": "phi", "owned_by": "vllm"}]}))

    async def told() -> tuple[Any, int]:
        async with serving(models) as server:
            words = [
                "serve",
                "--url",
                f"box=http://127.0.0.1:{server.port}/v1",
                "--model",
                "phi",
                "--key-env",
                "BOX_KEY",
            ]
            assert await asyncio.to_thread(main, [*words, "--json", "-C", str(workspace)]) == 0
            assert "sk-secret" in server.headers[0]
            return json.loads(capsys.readouterr().out), server.port

    found, port = asyncio.run(told())
    assert found == {"name": "box", "url": f"http://127.0.0.1:{port}", "model": "phi", "engine": "vllm"}
    kept = Arm("box", f"http://127.0.0.1:{port}/v1#phi", key_env="BOX_KEY")
    assert read_arms(workspace) == (*default_arms(), kept)
    assert "sk-secret" not in (workspace / ".burnish" / "arms.toml").read_text()
    assert list_servers(workspace) == []
    assert "does not answer at http://127.0.0.1:9" in refused(
        capsys, "serve", "--url", "gone=http://127.0.0.1:9", "-C", str(workspace)
    )
    assert read_arms(workspace) == (*default_arms(), kept)
    assert "is no address" in refused(capsys, "serve", "--url", "box=base", "-C", str(workspace))


def test_prompts_are_checked(capsys: pytest.CaptureFixture[str], workspace: Path, pair: tuple[Server, Server]) -> None:
    here = ("-C", str(workspace))
    assert "does not serve" in refused(capsys, "check-prompt", *here), "the stand-in does not tell"

    async def checked(*ids: list[int]) -> list[str]:
        first, second = (status(200, json.dumps({"tokens": each})) for each in ids)
        async with serving(first) as one, serving(second) as other:
            for server, port in zip(pair, (one.port, other.port), strict=True):
                write_server(replace(server, port=port))
            code = await asyncio.to_thread(main, ["check-prompt", "Why?", *here])
        assert code == (ids[0] != ids[1])
        return capsys.readouterr().out.splitlines()

    assert asyncio.run(checked([1, 2, 3], [1, 2, 3])) == [
        "     3 tokens  the base server",
        "     3 tokens  the tuned server",
        "The prompt is the same on all sides.",
    ]
    assert "the base server sees 3 tokens and the tuned server 2" in asyncio.run(checked([1, 2, 3], [1, 2]))[-1]
