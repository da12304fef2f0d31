"""Whether all sides see the same prompt, token by token: training, the base server and the tuned server."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data.errors import BurnishError
from data.templates import Message
from engine.chat.endpoint import Endpoint
from engine.chat.refusals import malformed
from engine.chat.request import accepted
from engine.chat.trained_prompt import run_behind, trained_ids

READ_SECONDS = 30.0


async def prompt_token_ids(endpoint: Endpoint, messages: Sequence[Message]) -> list[int]:
    """The ids that the server makes of the messages with its own chat template, ready to be answered.

    Only vLLM tells (`/tokenize`). Raises BurnishError when the server cannot be asked or does not tell.
    """
    body = {
        "model": endpoint.model,
        "messages": [dict(each) for each in messages],
        "add_generation_prompt": True,
        "add_special_tokens": False,
    }
    response = await accepted(endpoint, "POST", "/tokenize", body, read_seconds=READ_SECONDS)
    try:
        values: Any = response.json()
    except ValueError as error:
        raise malformed(endpoint, response.text) from error
    tokens = values.get("tokens") if isinstance(values, dict) else None
    if not isinstance(tokens, list) or not all(isinstance(each, int) for each in tokens):
        raise malformed(endpoint, response.text)
    return tokens


async def check_prompts(workspace: Path, endpoints: Sequence[Endpoint], messages: Sequence[Message]) -> str | None:
    """One sentence when the sides do not see the same prompt, or it is not known whether they do; None when they do.

    `endpoints` are those that get the same messages. Beside what each of them reports stands what the training of the
    runs among them made of the messages. Raises nothing.
    """
    try:
        return prompt_difference(await prompts_seen(workspace, endpoints, messages))
    except BurnishError as error:
        return f"Whether all sides see the same prompt is not known: {error.sentence}"


async def prompts_seen(
    workspace: Path, endpoints: Sequence[Endpoint], messages: Sequence[Message]
) -> dict[str, Sequence[int]]:
    """Token ids of the prompt by who sees it: each endpoint that tells (only vLLM does), and the training of its run.

    Raises BurnishError when an endpoint cannot be asked, or a run's training cannot be told any more.
    """
    asked = [each for each in endpoints if each.engine == "vllm"]
    runs = await asyncio.to_thread(lambda: [run_behind(workspace, each) for each in endpoints])
    found = await asyncio.gather(*(prompt_token_ids(each, messages) for each in asked))
    sides: dict[str, Sequence[int]] = {each.name: ids for each, ids in zip(asked, found, strict=True)}
    for run in dict.fromkeys(run for run in runs if run is not None):
        trained = await asyncio.to_thread(trained_ids, workspace, run, messages)
        if trained is not None:
            sides[f"the training of {run.name}"] = trained
    return sides


def prompt_difference(sides: Mapping[str, Sequence[int]]) -> str | None:
    """None when all token ids are equal, else a sentence with the first two sides that differ, and where."""
    (first, reference), *others = list(sides.items()) or [("", ())]
    for name, ids in others:
        if list(ids) == list(reference):
            continue
        pairs = zip(reference, ids, strict=False)
        at = next((index for index, (a, b) in enumerate(pairs) if a != b), min(len(reference), len(ids)))
        return (
            f"The prompt is not the same: {first} sees {len(reference)} tokens and {name} {len(ids)}, "
            f"different from token {at + 1} on; their chat templates or tokenizers differ, so the answers "
            "cannot be compared."
        )
    return None
