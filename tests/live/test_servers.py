"""Two real vLLM servers with the real model: asked, checked, killed and stopped."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from data.errors import BurnishError
from data.templates import Template, conversation
from engine.chat.client import ChatDelta, Endpoint, Sampling, stream_chat
from engine.chat.prompt_check import check_prompts, prompt_token_ids, prompts_seen
from engine.jobs.events import Note
from engine.models.resolve import resolve
from engine.serving.environment import build_environment
from engine.serving.pair import start_pair
from engine.serving.servers import (
    Server,
    endpoint_of,
    list_servers,
    probe,
    stop_server,
)
from engine.training.job import DatasetSection, TrainingJob
from engine.training.runs import MODEL, create_run
from tests.waiting import wait_for

pytestmark = pytest.mark.live

QUESTION = "What is the maximum clock speed of the RP2350 microcontroller?"
ASKED = [{"role": "user", "content": QUESTION}]


def quiet(note: Note) -> None:
    """Nobody reads along."""


def refused(server: Server) -> bool:
    """Whether nobody listens at a server's address any more."""
    try:
        httpx.get(f"{endpoint_of(server).url}/health", timeout=2)
    except httpx.ConnectError:
        return True
    except httpx.HTTPError:
        return False
    return False


@pytest.fixture(scope="module")
def model() -> Path:
    build_environment(quiet)
    return resolve("smollm2-135m-instruct", report=quiet)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="module")
def tuned_model(model: Path, workspace: Path) -> Path:
    """What a run would have left, with the same weights: what differs must come from serving."""
    run = create_run(workspace, TrainingJob(dataset=DatasetSection("data.jsonl")))
    return shutil.copytree(model, run / MODEL)


@pytest.fixture(scope="module")
def pair(workspace: Path, model: Path, tuned_model: Path) -> Iterator[tuple[Server, Server]]:
    try:
        yield asyncio.run(start_pair(workspace, model, tuned_model, quiet))
    finally:
        for server in list_servers(workspace):
            stop_server(server)


async def answer(endpoint: Endpoint, sampling: Sampling | None = None) -> tuple[str, ChatDelta]:
    """The whole text, and the last delta."""
    deltas = [delta async for delta in stream_chat(endpoint, ASKED, sampling)]
    return "".join(delta.text for delta in deltas), deltas[-1]


async def test_both_answer_at_once_and_alike(pair: tuple[Server, Server]) -> None:
    base, tuned = pair
    assert (base.engine, tuned.engine) == ("vllm", "vllm")
    (first, end), (second, _) = await asyncio.gather(answer(endpoint_of(base)), answer(endpoint_of(tuned)))
    assert "clock speed of the RP2350" in first
    assert first == second, "the same weights, greedy"
    assert end.finish_reason == "stop"
    assert end.counted
    assert 10 < end.completion_tokens < 60
    assert end.tokens_per_second is not None
    assert end.first_token_seconds is not None
    text, cut = await answer(endpoint_of(base), Sampling(max_tokens=5))
    assert first.startswith(text)
    assert (cut.finish_reason, cut.completion_tokens) == ("length", 5)


@pytest.mark.parametrize("system", [None, "Answer in one word."])
async def test_training_and_both_servers_see_the_same_prompt(
    pair: tuple[Server, Server], workspace: Path, model: Path, system: str | None
) -> None:
    base, tuned = map(endpoint_of, pair)
    messages = conversation(QUESTION, system=system)
    trained = Template.from_model(model).encode(messages, add_generation_prompt=True).token_ids
    assert await check_prompts(workspace, [base, tuned], messages) is None
    sides = await prompts_seen(workspace, [base, tuned], messages)
    assert list(sides) == ["the base server", "the tuned server", "the training of smollm2-lora-001"]
    assert {tuple(ids) for ids in sides.values()} == {trained}
    # What /tokenize tells is what an answer is really based on.
    body = {"model": base.model, "messages": messages, "max_tokens": 1, "return_token_ids": True}
    headers = {"Authorization": f"Bearer {base.api_key}"}
    async with httpx.AsyncClient(trust_env=False) as client:
        told = await client.post(f"{base.url}/v1/chat/completions", json=body, headers=headers)
    assert told.json()["prompt_token_ids"] == list(trained) == await prompt_token_ids(base, messages)


async def test_what_a_server_refuses_is_one_sentence(pair: tuple[Server, Server]) -> None:
    endpoint = endpoint_of(pair[0])
    for changed, words in (
        (replace(endpoint, api_key="wrong"), "API key"),
        (replace(endpoint, api_key=None), "API key"),
        (replace(endpoint, model="other"), "does not serve other"),
    ):
        with pytest.raises(BurnishError, match=words):
            await answer(changed)
    with pytest.raises(BurnishError, match="too long"):
        await anext(stream_chat(endpoint, [{"role": "user", "content": "RP2350 " * 2000}]))


def test_servers_listen_on_this_machine_only(pair: tuple[Server, Server]) -> None:
    for server in pair:
        assert server.port in {port for _, port in listening(server)}
        assert {address for address, _ in listening(server)} == {"0100007F"}, "127.0.0.1 in /proc/net/tcp"


def test_no_key_is_in_a_log_or_a_process_list(pair: tuple[Server, Server]) -> None:
    for server in pair:
        key = endpoint_of(server).api_key
        assert key
        assert key not in server.log.read_text()
        for pid in members(server):
            assert key not in Path(f"/proc/{pid}/cmdline").read_text()


async def test_a_killed_server_leaves_its_text_and_only_it_starts_again(
    pair: tuple[Server, Server], workspace: Path, model: Path, tuned_model: Path
) -> None:
    base, tuned = pair
    assert await start_pair(workspace, model, tuned_model, quiet) == pair, "both are kept"
    identity = tuned.identity()
    assert identity is not None
    heard: list[str] = []

    async def listen() -> None:
        async for delta in stream_chat(endpoint_of(tuned), ASKED, Sampling(temperature=2.0, max_tokens=1500)):
            if not heard:
                os.kill(identity.pid, signal.SIGKILL)
            heard.append(delta.text)

    with pytest.raises(BurnishError, match="in the middle of its answer"):
        await listen()
    assert "".join(heard)
    # Its connections end before it does.
    wait_for(lambda: not identity.alive(), what="the end of the killed process")
    assert (await probe(tuned)).state == "gone"
    wait_for(lambda: not identity.group_alive(), what="the end of the killed server's engine")
    wait_for(lambda: refused(tuned), what="the end of the killed server's socket")
    with pytest.raises(BurnishError, match="does not answer"):
        await answer(endpoint_of(tuned))
    assert (await answer(endpoint_of(base)))[0], "the other side goes on"

    same, again = await start_pair(workspace, model, tuned_model, quiet)
    assert same == base
    assert again.identity() != identity
    assert (await answer(endpoint_of(again)))[0] == (await answer(endpoint_of(base)))[0]

    for server in (same, again):
        ended = server.identity()
        assert ended is not None
        stop_server(server)
        assert not ended.group_alive()
        assert not server.scratch.exists()
    assert list_servers(workspace) == []


def members(server: Server) -> list[int]:
    """Pids of a server's processes."""
    identity = server.identity()
    assert identity is not None
    return identity._members()


def listening(server: Server) -> set[tuple[str, int]]:
    """Addresses (as in /proc/net/tcp) and ports on which a server's processes listen."""
    own: set[str] = set()
    for pid in members(server):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            target = str(entry.readlink())
            if target.startswith("socket:"):
                own.add(target.removeprefix("socket:[").removesuffix("]"))
    found: set[tuple[str, int]] = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in own:
                address, _, port = fields[1].partition(":")
                found.add((address, int(port, 16)))
    return found
