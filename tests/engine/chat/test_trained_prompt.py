"""What training made of a prompt, held against what the servers of its run report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from data.templates import ALPACA, Template, conversation
from engine.chat.endpoint import Endpoint
from engine.chat.prompt_check import check_prompts
from engine.chat.trained_prompt import run_behind, trained_ids
from engine.serving.registry import Served, Server, endpoint_of, server_folder, write_server
from engine.training.job import DatasetSection, TrainingJob
from engine.training.runs import create_run
from tests.engine.chat.scripted import serving, status
from tests.tiny import CHATML, write_tokenizer

QUESTION = conversation("How fast does the RP2350 run?")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with a base model, as far as its tokenizer goes."""
    write_tokenizer(tmp_path / "base", CHATML)
    return tmp_path


def run_of(workspace: Path, **settings: object) -> Path:
    job = replace(TrainingJob(model=str(workspace / "base"), dataset=DatasetSection("data.jsonl")), **settings)
    return create_run(workspace, job)


def server_of(workspace: Path, port: int, model: Path, adapter: Path | None = None) -> Server:
    folder = server_folder(workspace, "tuned" if adapter is None else "shared")
    folder.mkdir(parents=True)
    server = Server(
        name=folder.name,
        role="tuned" if adapter is None else "base",
        folder=folder,
        model=model,
        fingerprint="",
        served_name="base",
        port=port,
        engine="vllm",
        device="cpu",
        started=0.0,
        scratch=workspace / "scratch",
        adapter=adapter and Served(adapter, "", "tuned"),
    )
    write_server(server)
    return server


def told(ids: tuple[int, ...]) -> bytes:
    return status(200, json.dumps({"count": len(ids), "tokens": ids}))


def rendered(workspace: Path, source: str = CHATML) -> tuple[int, ...]:
    template = Template.from_model(workspace / "base").with_source(source, "a template")
    return template.encode(QUESTION, add_generation_prompt=True).token_ids


async def test_a_run_that_trained_on_what_its_server_sees_is_quiet(workspace: Path) -> None:
    run, ids = run_of(workspace), rendered(workspace)
    async with serving(told(ids)) as base, serving(told(ids)) as tuned:
        server = server_of(workspace, tuned.port, run / "model")
        assert run_behind(workspace, endpoint_of(server)) == run
        assert await check_prompts(workspace, [base.endpoint(), endpoint_of(server)], QUESTION) is None


@pytest.mark.parametrize("layout", ["two", "one"])
async def test_a_run_that_trained_on_another_template_is_told(workspace: Path, layout: str) -> None:
    run, ids = run_of(workspace, template="alpaca"), rendered(workspace)
    async with serving(told(ids)) as scripted:
        if layout == "two":
            server = server_of(workspace, scripted.port, run / "model")
            endpoints = [replace(endpoint_of(server), model="other", name="the base server"), endpoint_of(server)]
        else:
            server = server_of(workspace, scripted.port, workspace / "base", run / "adapter")
            endpoints = [endpoint_of(server, role) for role in server.roles]
            assert endpoints[1].name == "the tuned side of the shared server"
        sentence = await check_prompts(workspace, endpoints, QUESTION)
    assert sentence is not None
    assert f"{len(ids)} tokens and the training of {run.name} {len(rendered(workspace, ALPACA))}" in sentence


async def test_both_sides_alike_but_not_as_trained_is_told(workspace: Path) -> None:
    run = run_of(workspace)
    wrong = (*rendered(workspace), 5)
    async with serving(told(wrong)) as base, serving(told(wrong)) as tuned:
        server = server_of(workspace, tuned.port, run / "model")
        sentence = await check_prompts(workspace, [base.endpoint(), endpoint_of(server)], QUESTION)
    assert sentence is not None
    assert f"the training of {run.name} {len(wrong) - 1}, different from token {len(wrong)} on" in sentence


def test_a_changed_template_file_is_read_again(workspace: Path) -> None:
    (workspace / "mine.jinja").write_text(CHATML)
    run = run_of(workspace, template="mine.jinja")
    assert trained_ids(workspace, run, QUESTION) == rendered(workspace)
    (workspace / "mine.jinja").write_text(ALPACA)
    assert trained_ids(workspace, run, QUESTION) == rendered(workspace, ALPACA)


def test_plain_text_has_no_prompt(workspace: Path) -> None:
    assert trained_ids(workspace, run_of(workspace, stage="text"), QUESTION) is None


async def test_what_cannot_be_found_out_is_one_sentence(workspace: Path) -> None:
    run = run_of(workspace)
    async with serving(told(rendered(workspace))) as tuned:
        endpoint = endpoint_of(server_of(workspace, tuned.port, run / "model"))
        gone = Endpoint("http://127.0.0.1:9", "base", engine="vllm", name="the base server")
        sentence = await check_prompts(workspace, [gone, endpoint], QUESTION)
        assert sentence is not None
        assert sentence.startswith(
            "Whether all sides see the same prompt is not known: The base server does not answer"
        )
        (workspace / "base" / "tokenizer.json").unlink()
        sentence = await check_prompts(workspace, [endpoint], QUESTION)
        assert sentence is not None
        assert "not known" in sentence


def test_an_endpoint_elsewhere_is_no_run(workspace: Path) -> None:
    server = server_of(workspace, 9, workspace / "base")
    assert run_behind(workspace, endpoint_of(server)) is None
    assert run_behind(workspace, Endpoint("http://127.0.0.1:10", "base")) is None
