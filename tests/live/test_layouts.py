"""What a real vLLM does with an adapter beside its base on a CPU, and a real `transformers serve`."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from data.templates import conversation
from engine.chat.client import Endpoint, Sampling, stream_chat
from engine.chat.prompt_check import check_prompts, prompt_token_ids
from engine.jobs.events import Note
from engine.models.resolve import resolve
from engine.serving import command
from engine.serving.backend import backend_of
from engine.serving.environment import build_environment, machine_device
from engine.serving.registry import SHARED, Served
from engine.serving.servers import (
    Server,
    endpoint_of,
    list_servers,
    probe,
    server_log,
    start_server,
    stop_server,
    wait_until_ready,
)
from engine.serving.shared import LayoutRefusedError, load_adapter, start_shared
from tests.live.adapters import write_adapter

pytestmark = pytest.mark.live

QUESTION = conversation("What is the capital of France?")


def quiet(note: Note) -> None:
    """Nobody reads along."""


@pytest.fixture(scope="module")
def model() -> Path:
    build_environment(quiet)
    return resolve("smollm2-135m-instruct", report=quiet)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    for server in list_servers(tmp_path):
        stop_server(server)


def everything_said(server: Server) -> str:
    """The log of a server, and the arguments of its processes."""
    identity = server.identity()
    assert identity is not None
    arguments = (Path(f"/proc/{pid}/cmdline").read_text() for pid in identity._members())
    return server.log.read_text() + "".join(arguments)


async def exchanged(server: Server, adapter: Path) -> Endpoint:
    """The tuned side of a server after it has loaded an adapter."""
    served = Served(adapter, "", "tuned")
    await load_adapter(server, served)
    return endpoint_of(replace(server, adapter=served), "tuned")


async def said_by(endpoint: Endpoint) -> str:
    """A short greedy answer."""
    deltas = [delta async for delta in stream_chat(endpoint, QUESTION, Sampling(max_tokens=6))]
    return "".join(delta.text for delta in deltas)


@pytest.mark.skipif(machine_device() == "cuda", reason="vLLM's kernels for GPUs keep base and adapter apart")
async def test_on_a_cpu_the_canary_refuses_one_server_for_both_sides(workspace: Path, model: Path) -> None:
    adapter = write_adapter(model, workspace / "runs" / "made-001" / "adapter", scale=0.3)
    # Started by hand, to look at it before it is refused and stopped; `start_shared` takes it as it would any other.
    server = start_server(workspace, SHARED, model, role="base", rank=64)
    await wait_until_ready(server, quiet)
    key = endpoint_of(server).api_key
    assert key
    said = everything_said(server)
    assert "enable_lora" in said, "vLLM tells its arguments in the log"
    assert key not in said
    # One adapter takes the place of another while the server runs; asked one after the other, all stay themselves.
    other = write_adapter(model, workspace / "runs" / "made-002" / "adapter", scale=0.3, seed=2)
    base = await said_by(endpoint_of(server))
    first = await said_by(await exchanged(server, adapter))
    second = await said_by(await exchanged(server, other))
    assert len({base, first, second}) == 3
    assert await said_by(endpoint_of(server)) == base
    ids = await prompt_token_ids(endpoint_of(server), QUESTION)
    assert await prompt_token_ids(await exchanged(server, adapter), QUESTION) == ids
    assert await said_by(await exchanged(server, adapter)) == first, "its own again"
    notes: list[str] = []
    with pytest.raises(LayoutRefusedError, match="the base model takes on the adapter while the tuned model answers"):
        await start_shared(workspace, model, adapter, lambda note: notes.append(note.text))
    assert notes[-1] == "the shared server: checking that base and tuned are kept apart", "it was loaded"
    assert list_servers(workspace) == []
    assert key not in server_log(workspace, SHARED).read_text()


async def test_a_start_that_fails_says_why(workspace: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    strange = workspace / "strange"
    shutil.copytree(model, strange, copy_function=os.symlink)
    config = json.loads((strange / "config.json").read_bytes())
    (strange / "config.json").unlink()
    (strange / "config.json").write_text(json.dumps(config | {"architectures": ["StrangeForCausalLM"]}))
    # A cache of 3 TB; burnish's own look at the memory is passed over.
    monkeypatch.setattr(command, "CACHED_TOKENS", 1 << 27)
    servers = [
        start_server(workspace, name, directory, role="base", force=True)
        for name, directory in (("strange", strange), ("greedy", model))
    ]
    told = await asyncio.gather(*(wait_until_ready(server, quiet) for server in servers), return_exceptions=True)
    assert "kind of model is not supported by it (its log says: " in str(told[0])
    assert "StrangeForCausalLM" in str(told[0])
    assert "there is not enough memory; stop another server or run" in str(told[1])
    for server, sentence in zip(servers, told, strict=True):
        assert str(server.log) in str(sentence)
        health = await probe(server)
        assert health.state == "failed"
        assert health.detail in str(sentence), "it can be read as long as the server is in the list"


async def test_transformers_serve_answers_in_a_stream(workspace: Path, model: Path) -> None:
    server = start_server(workspace, "base", model, role="base", backend=backend_of("transformers"))
    assert server.engine == "transformers"
    await wait_until_ready(server, quiet)
    endpoint = endpoint_of(server)
    deltas = [delta async for delta in stream_chat(endpoint, QUESTION, Sampling(max_tokens=16))]
    text = "".join(delta.text for delta in deltas)
    assert "Paris" in text
    assert len([delta for delta in deltas if delta.text]) > 4, "it came in pieces"
    assert deltas[-1].finish_reason in ("stop", "length")
    assert await check_prompts(workspace, [endpoint], QUESTION) is None, "it tells no ids"
    # Given up in mid-answer, it goes on for others.
    stream = stream_chat(endpoint, QUESTION, Sampling(temperature=1.5, max_tokens=400))
    assert (await anext(stream)).text is not None
    await stream.aclose()
    again = await asyncio.wait_for(anext(stream_chat(endpoint, QUESTION, Sampling(max_tokens=8))), 600)
    assert again.prompt_tokens is None or again.prompt_tokens > 10
    assert (await probe(server)).state == "ready"
    identity = server.identity()
    assert identity is not None
    stop_server(server)
    assert not identity.group_alive()
