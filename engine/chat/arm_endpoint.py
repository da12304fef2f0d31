"""Where the model of an arm is asked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from data.errors import BurnishError, InputError
from engine.chat.arms import Arm
from engine.chat.endpoint import Endpoint
from engine.chat.refusals import named
from engine.chat.request import accepted
from engine.serving.servers import find_server, ready_endpoint
from engine.training.runs import RUNS

if TYPE_CHECKING:
    import httpx

READ_SECONDS = 10.0


async def arm_endpoint(workspace: Path, arm: Arm) -> Endpoint:
    """Where to ask an arm. Raises BurnishError when nothing answers there, or its target is served by nothing."""
    if arm.is_url:
        return await _at_address(arm)
    if find_server(workspace, arm.target) is None and (workspace / RUNS / arm.target).is_dir():
        raise BurnishError(
            f"Run {arm.target} is not served; `burnish serve {arm.target}` starts its servers.", title="No server"
        )
    return ready_endpoint(workspace, arm.target)


async def _at_address(arm: Arm) -> Endpoint:
    address = urlsplit(arm.target)
    path = address.path.rstrip("/").removesuffix("/v1")
    key = None
    if arm.key_env:
        key = os.environ.get(arm.key_env)
        if not key:
            raise InputError(f"Arm {arm.name} takes its key from ${arm.key_env}, which is not set; export it first.")
    url = urlunsplit((address.scheme, address.netloc, path, "", ""))
    unnamed = Endpoint(url, address.fragment, api_key=key, name=arm.name)
    models = await _models(unnamed)
    model = address.fragment or str(models[0]["id"])
    # vLLM says so of its models; it alone counts tokens with every chunk and tells the ids of a prompt.
    engine = "vllm" if any(each.get("owned_by") == "vllm" for each in models) else "other"
    return Endpoint(url, model, api_key=key, engine=engine, name=arm.name)


async def _models(endpoint: Endpoint) -> list[dict[str, Any]]:
    """What `/v1/models` lists, at least one."""
    listed = _listed(await accepted(endpoint, "GET", "/v1/models", read_seconds=READ_SECONDS))
    if not listed:
        raise BurnishError(
            f"{named(endpoint)} lists no models at {endpoint.url}/v1/models; is it an OpenAI-compatible server?",
            title="No model server",
        )
    return listed


def _listed(response: httpx.Response) -> list[dict[str, Any]]:
    try:
        values: Any = response.json()
    except ValueError:
        return []
    models = values.get("data") if isinstance(values, dict) else None
    if not isinstance(models, list):
        return []
    return [each for each in models if isinstance(each, dict) and isinstance(each.get("id"), str)]
