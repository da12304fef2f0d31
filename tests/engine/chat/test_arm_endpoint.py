"""Where an arm is asked: an address that says what it serves, or a server of the workspace."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from data.errors import BurnishError, InputError
from engine.chat.arm_endpoint import arm_endpoint
from engine.chat.arms import Arm
from engine.chat.endpoint import Endpoint
from tests.engine.chat.scripted import serving, status


def models(*ids: str, owner: str = "vllm") -> bytes:
    return status(200, json.dumps({"data": [{"id": each, "owned_by": owner} for each in ids]}))


def found(workspace: Path, script: object, target: str = "", key_env: str = "") -> tuple[Endpoint, list[str]]:
    """The endpoint of an arm at a scripted server, and the requests' heads."""

    async def ask() -> tuple[Endpoint, list[str]]:
        async with serving(script) as server:
            arm = Arm("box", f"http://127.0.0.1:{server.port}{target}", key_env=key_env)
            return await arm_endpoint(workspace, arm), server.headers

    return asyncio.run(ask())


def test_an_address_is_asked_what_it_serves(tmp_path: Path) -> None:
    endpoint, _ = found(tmp_path, models("qwen", "other"), "/v1/")
    assert (endpoint.model, endpoint.engine, endpoint.name) == ("qwen", "vllm", "box")
    assert not endpoint.url.endswith("/v1")
    assert found(tmp_path, models("llama", owner="library"), "#phi")[0].model == "phi"
    assert found(tmp_path, models("llama", owner="library"))[0].engine == "other"


def test_the_key_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOX_KEY", "sk-very-secret")
    endpoint, headers = found(tmp_path, models("qwen"), key_env="BOX_KEY")
    assert "sk-very-secret" in headers[0]
    assert "sk-very-secret" not in repr(endpoint)
    monkeypatch.delenv("BOX_KEY")
    with pytest.raises(InputError, match=r"takes its key from \$BOX_KEY, which is not set"):
        found(tmp_path, models("qwen"), key_env="BOX_KEY")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (status(200, "<html>"), "lists no models"),
        (status(200, '{"data": []}'), "lists no models"),
        (status(200, '{"data": [1, {"id": 2}]}'), "lists no models"),
        (status(401, "who are you"), "does not accept the API key"),
    ],
)
def test_what_is_no_model_server_is_said_in_a_sentence(tmp_path: Path, script: bytes, words: str) -> None:
    with pytest.raises(BurnishError, match=words):
        found(tmp_path, script)


def test_a_run_that_is_not_served_says_how_to_serve_it(tmp_path: Path) -> None:
    (tmp_path / "runs" / "first").mkdir(parents=True)
    with pytest.raises(BurnishError, match="Run first is not served; `burnish serve first`"):
        asyncio.run(arm_endpoint(tmp_path, Arm("tuned", "first")))
    with pytest.raises(BurnishError, match="The base server is not running"):
        asyncio.run(arm_endpoint(tmp_path, Arm("base", "base")))
