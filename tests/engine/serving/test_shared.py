"""One server for both sides, with a stand-in that keeps them apart or mixes them up."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from data.errors import BurnishError
from engine.jobs.events import Note
from engine.serving.backend import EnvironmentBackend, backend_of
from engine.serving.environment import find_environment
from engine.serving.pair import start_pair
from engine.serving.registry import SHARED, Server
from engine.serving.servers import find_server, list_servers, ready_endpoint, start_server
from engine.serving.shared import LayoutRefusedError, shared_server, start_shared
from tests.engine.serving.conftest import MakeModel

pytestmark = pytest.mark.usefixtures("stand_in")

MakeAdapter = Callable[..., Path]


def quiet(note: Note) -> None:
    """Nobody reads along."""


@pytest.fixture
def make_adapter(workspace: Path) -> MakeAdapter:
    """Makes the adapter of a run."""

    def make(run: str, **config: object) -> Path:
        folder = workspace / "runs" / run / "adapter"
        folder.mkdir(parents=True)
        plain = {"peft_type": "LORA", "r": 8, "lora_alpha": 16, "target_modules": ["q_proj"], "peft_version": "0.21.2"}
        (folder / "adapter_config.json").write_text(json.dumps(plain | {"velora_config": None} | config))
        (folder / "adapter_model.safetensors").write_bytes(run.encode())
        (folder / "tokenizer.json").write_text("{}")
        return folder

    return make


def loaded(server: Server) -> list[str]:
    """What the server was told to load, in order."""
    return (server.folder / "loaded").read_text().splitlines()


async def test_one_server_answers_for_both_sides(
    workspace: Path, make_model: MakeModel, make_adapter: MakeAdapter
) -> None:
    notes: list[str] = []
    model, adapter = make_model("m"), make_adapter("a-001")
    server = await start_shared(workspace, model, adapter, lambda note: notes.append(note.text))
    assert (server.name, server.roles, server.rank) == (SHARED, ("base", "tuned"), 64)
    assert notes[-1] == "the shared server: checking that base and tuned are kept apart"
    base, tuned = ready_endpoint(workspace, "base"), ready_endpoint(workspace, "tuned")
    assert base.url == tuned.url
    assert (base.model, tuned.model) == ("base", "tuned")
    assert ready_endpoint(workspace, "a-001") == tuned
    assert find_server(workspace, str(model)) == (server, "base")
    assert await shared_server(workspace, model)
    # One more server, of another run, takes neither side.
    further = start_server(workspace, "further", make_model("t"), role="tuned")
    assert find_server(workspace, "tuned") == (server, "tuned")
    assert find_server(workspace, "further") == (further, "tuned")
    # What it loads is a plain copy in its own folder; the run's adapter is as it was.
    name, path = loaded(server)[0].split(" ")
    assert name == "tuned"
    assert Path(path).is_relative_to(server.folder)
    assert "velora_config" not in json.loads((Path(path) / "adapter_config.json").read_bytes())
    assert "velora_config" in json.loads((adapter / "adapter_config.json").read_bytes())
    assert sorted(each.name for each in Path(path).iterdir()) == ["adapter_config.json", "adapter_model.safetensors"]


async def test_another_run_is_loaded_without_a_new_start(
    workspace: Path, make_model: MakeModel, make_adapter: MakeAdapter
) -> None:
    model, first, second = make_model("m"), make_adapter("a-001"), make_adapter("a-002", r=64)
    one = await start_shared(workspace, model, first, quiet)
    again = await start_shared(workspace, model, first, quiet)
    assert again == one
    assert len(loaded(one)) == 1, "what is loaded already is not loaded again"
    process = one.identity()
    other = await start_shared(workspace, model, second, quiet)
    assert other.identity() == process
    assert other.adapter is not None
    assert other.adapter.path == second
    assert list_servers(workspace) == [other]
    # New weights in the same folder: another path for the server, which knows what it computed by path.
    (second / "adapter_model.safetensors").write_bytes(b"trained on")
    await start_shared(workspace, model, second, quiet)
    paths = [line.partition(" ")[2] for line in loaded(one)]
    assert len(set(paths)) == 3
    # A rank without room for it takes a new start.
    higher = await start_shared(workspace, model, make_adapter("a-003", r=100), quiet)
    assert higher.identity() != process
    assert higher.rank == 128


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("mixing", "the base model takes on the adapter while the tuned model answers"),
        ("dull", "changes none of the answers that were tried"),
        ("faint", "changes none of the answers that were tried"),
    ],
)
async def test_a_server_that_cannot_be_trusted_is_refused_and_stopped(
    workspace: Path, make_model: MakeModel, make_adapter: MakeAdapter, behaviour: str, words: str
) -> None:
    with pytest.raises(LayoutRefusedError, match=f"^One server for both sides is not used: .*{words}"):
        await start_shared(workspace, make_model("m", behaviour), make_adapter("a-001"), quiet)
    assert list_servers(workspace) == []


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"peft_type": "OFT"}, "is no LoRA adapter"),
        ({"use_dora": True}, r"no plain LoRA \(use_dora\)"),
        ({"velora_config": {"groups": 4}}, r"no plain LoRA \(velora_config\)"),
        ({"init_lora_weights": "pissa_niter_4"}, r"init_lora_weights = pissa_niter_4"),
        ({"modules_to_save": ["lm_head"]}, "modules_to_save"),
        ({"r": 513}, "has a rank that vLLM cannot load"),
        ({"r": 8, "rank_pattern": {"k_proj": 600}}, "has a rank that vLLM cannot load"),
    ],
)
async def test_an_adapter_that_vllm_cannot_load_is_refused_before_anything_starts(
    workspace: Path, make_model: MakeModel, make_adapter: MakeAdapter, config: dict[str, object], words: str
) -> None:
    with pytest.raises(LayoutRefusedError, match=words):
        await start_shared(workspace, make_model("m"), make_adapter("a-001", **config), quiet)
    assert list_servers(workspace) == []


async def test_only_vllm_and_only_the_base_models_own_template(
    workspace: Path, make_model: MakeModel, make_adapter: MakeAdapter
) -> None:
    model, adapter = make_model("m"), make_adapter("a-001")
    environment = find_environment()
    assert environment is not None
    other = EnvironmentBackend(replace(environment, engine="transformers"))
    with pytest.raises(LayoutRefusedError, match="only vLLM loads an adapter"):
        await start_shared(workspace, model, adapter, quiet, backend=other)
    (adapter / "chat_template.jinja").write_text("{{ messages }}")
    with pytest.raises(LayoutRefusedError, match="trained with another prompt template"):
        await start_shared(workspace, model, adapter, quiet)


async def test_what_the_server_itself_refuses_is_told(
    workspace: Path, make_model: MakeModel, make_adapter: MakeAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.serving.shared.room_for_rank", lambda rank: 8)
    with pytest.raises(LayoutRefusedError, match="LoRA rank 16 is greater than max_lora_rank 8"):
        await start_shared(workspace, make_model("m"), make_adapter("a-001", r=16), quiet)
    assert list_servers(workspace) == []


async def test_layouts_take_each_others_place(
    workspace: Path, make_model: MakeModel, make_adapter: MakeAdapter
) -> None:
    model, tuned = make_model("m"), make_model("t")
    pair = await start_pair(workspace, model, tuned, quiet)
    await start_shared(workspace, model, make_adapter("a-001"), quiet)
    assert [server.name for server in list_servers(workspace)] == [SHARED]
    assert not any(server.alive() for server in pair)
    await start_pair(workspace, model, tuned, quiet)
    assert [server.name for server in list_servers(workspace)] == ["base", "tuned"]


async def test_no_side_is_offered_before_the_canary(
    workspace: Path, make_model: MakeModel, make_adapter: MakeAdapter
) -> None:
    server = start_server(workspace, SHARED, make_model("m"), role="base", rank=64, backend=backend_of())
    assert server.roles == ("base",)
    with pytest.raises(BurnishError, match="The tuned server is not running"):
        ready_endpoint(workspace, "tuned")
