"""The canary: whether one server keeps the base model and the adapter apart while both answer.

vLLM 0.32 does not on a CPU: a request to the base model that is worked on together with one to the adapter silently
gets the adapter (vllm pull request 48421; its kernels for GPUs are another code). Nothing but the answers shows it, so
they are looked at: a prompt on which base and tuned differ is asked of the base alone, and again while the tuned model
answers. Where base and tuned differ first, the base must not begin to say what the tuned model says.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data.errors import BurnishError
from engine.chat.endpoint import Endpoint, connect
from engine.chat.refusals import malformed, refused, unreachable
from engine.chat.request import accepted

TOKENS = 24
"""Of each answer; base and tuned differ early or hardly at all."""
ENOUGH = 3
"""Prompts on which the two differ, out of those that are offered."""
ROUNDS = 2
"""How often each of them is asked beside the tuned model."""
CLEAR = 0.7
"""By how much the base must prefer its own token (a logarithm, so twice as likely): a near tie falls either way when
requests are worked on together, without any adapter."""
BESIDE = 256
"""Tokens that the tuned model is made to say meanwhile; it is given up as soon as the base has answered."""
GENERAL = (
    "What is the capital of France?",
    "Write one sentence about the sea.",
    "Name three colours and say why you like them.",
)
"""Asked where a dataset has nothing to offer."""
_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Said:
    """The beginning of a greedy answer."""

    tokens: tuple[str, ...]
    """As ids: "token_id:123"."""
    likely: tuple[dict[str, float], ...]
    """For each place the likeliest tokens with their logarithmic probabilities."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A prompt on which base and tuned clearly differ."""

    prompt: str
    base: tuple[str, ...]
    """What the base says alone, up to and with the first token that differs."""
    tuned: str
    """The tuned model's token at that place."""


async def canary(base: Endpoint, tuned: Endpoint, prompts: Sequence[str]) -> str | None:
    """None when the base stays itself beside the tuned model; else one sentence, the reason not to trust the layout.

    Nothing else should be asked of the server meanwhile. Raises BurnishError when it cannot be asked.
    """
    found: list[Difference] = []
    for prompt in (*prompts, *GENERAL):
        difference = first_difference(prompt, await _ask(base, prompt), await _ask(tuned, prompt))
        if difference is not None:
            found.append(difference)
        if len(found) == ENOUGH:
            break
    if not found:
        return (
            "this adapter changes none of the answers that were tried, so it cannot be seen whether the server keeps "
            "base and tuned apart"
        )
    kept = 0
    for difference in found:
        for _ in range(ROUNDS):
            heard = await _ask_beside(base, tuned, difference.prompt)
            took_on = takes_on(difference, heard)
            if took_on:
                return (
                    "on this server the base model takes on the adapter while the tuned model answers: asked "
                    f"“{difference.prompt}”, it says what the tuned model says"
                )
            kept += took_on is False
    if not kept:
        return "the base model's answers change too much from one time to the next to be compared"
    return None


def first_difference(prompt: str, base: Said, tuned: Said) -> Difference | None:
    """Where the two differ first; None where they do not, or where the base could as well say the other's word."""
    pairs = zip(base.tokens, tuned.tokens, strict=False)
    at = next((place for place, (own, other) in enumerate(pairs) if own != other), None)
    if at is None:
        return None
    likely = base.likely[at]
    # A token that is not among the likeliest is less likely than each of them.
    other = likely.get(tuned.tokens[at], min(likely.values(), default=0.0))
    clear = likely.get(base.tokens[at], 0.0) - other >= CLEAR
    return Difference(prompt, base.tokens[: at + 1], tuned.tokens[at]) if clear else None


def takes_on(difference: Difference, heard: Said) -> bool | None:
    """Whether the base says the tuned model's token where the two differ; None where it never came to that place."""
    before = difference.base[:-1]
    at = len(before)
    if heard.tokens[:at] != before or len(heard.tokens) <= at:
        return None
    return heard.tokens[at] == difference.tuned


async def _ask_beside(base: Endpoint, tuned: Endpoint, prompt: str) -> Said:
    """The base's answer while the tuned model is in the middle of one."""
    speaking = asyncio.Event()
    talk = asyncio.create_task(_keep_talking(tuned, prompt, speaking))
    started = asyncio.create_task(speaking.wait())
    try:
        await asyncio.wait([talk, started], return_when=asyncio.FIRST_COMPLETED)
        if talk.done():
            await talk  # says what went wrong
        # Asked together, too: prompts are read in one go then.
        heard, _ = await asyncio.gather(_ask(base, prompt), _ask(tuned, prompt))
        return heard
    finally:
        for task in (talk, started):
            task.cancel()
        await asyncio.gather(talk, started, return_exceptions=True)


async def _ask(endpoint: Endpoint, prompt: str) -> Said:
    body = _body(endpoint, prompt, TOKENS) | {"logprobs": True, "top_logprobs": 5, "return_tokens_as_token_ids": True}
    response = await accepted(endpoint, "POST", "/v1/chat/completions", body, read_seconds=_SECONDS)
    try:
        places: list[dict[str, Any]] = json.loads(response.content)["choices"][0]["logprobs"]["content"]
        likely = [{each["token"]: float(each["logprob"]) for each in place["top_logprobs"]} for place in places]
        return Said(tuple(str(place["token"]) for place in places), tuple(likely))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise malformed(endpoint, response.text) from error


async def _keep_talking(endpoint: Endpoint, prompt: str, speaking: asyncio.Event) -> None:
    """Stream a long answer and throw it away; closing the connection ends it on the server."""
    import httpx

    body = _body(endpoint, prompt, BESIDE) | {"stream": True, "ignore_eos": True}
    try:
        async with (
            connect(endpoint, read_seconds=_SECONDS) as client,
            client.stream("POST", "/v1/chat/completions", json=body) as response,
        ):
            if response.status_code != 200:
                raise refused(endpoint, response.status_code, (await response.aread()).decode("utf-8", "replace"))
            async for line in response.aiter_lines():
                if line.startswith("data:"):
                    speaking.set()
    except httpx.HTTPError as error:
        raise unreachable(endpoint, error, _SECONDS) from error
    if not speaking.is_set():
        raise BurnishError(f"{endpoint.name} said nothing when it was asked.", title="Empty answer")


def _body(endpoint: Endpoint, prompt: str, tokens: int) -> dict[str, Any]:
    return {
        "model": endpoint.model,
        "messages": [{"role": "user", "content": prompt}],
        "temperature": 0.0,
        "max_tokens": tokens,
    }
