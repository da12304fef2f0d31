"""Streamed answers over `/v1/chat/completions` (server-sent events), as vLLM and its relatives send them."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from data.errors import BurnishError
from data.templates import Message
from engine.chat.endpoint import Endpoint, connect
from engine.chat.refusals import broken_off, malformed, named, refused, unreachable
from engine.chat.sampling import Sampling

if TYPE_CHECKING:
    import httpx

    from data.facts.confidence import Token

__all__ = ["ChatDelta", "EmptyAnswerError", "Endpoint", "Message", "Sampling", "stream_chat"]

TIMED = 0.05
"""Seconds from the first token that a speed takes: over less, it is that of reading what had already arrived."""
LINE_LIMIT = 4 << 20
"""Bytes of one event; a chunk of text has some hundred."""


@dataclass(frozen=True, slots=True)
class ChatDelta:
    """A piece of an answer, and the counts up to and including it."""

    text: str
    """What was added; may be empty (the last one often is). Untrusted: may hold markup and terminal escapes."""
    completion_tokens: int
    """Tokens so far: the server's count where it tells (`counted`), else the number of chunks with text."""
    counted: bool
    first_token_seconds: float | None
    """From sending the request to the first text."""
    tokens_per_second: float | None
    """Tokens after the first, over the time since the first; None until that can be told."""
    prompt_tokens: int | None
    finish_reason: str | None
    """"stop" or "length", in the last delta of a sample only."""
    sample: int = 0
    """Which of several answers it belongs to, counted from 0."""
    tokens: tuple[Token, ...] = ()
    """The tokens of `text`, where their probabilities were asked for and the server tells."""


class EmptyAnswerError(BurnishError):
    """The model ended its answer before it said anything."""


async def stream_chat(
    endpoint: Endpoint,
    messages: Sequence[Message],
    sampling: Sampling | None = None,
    *,
    read_seconds: float = 60.0,
) -> AsyncGenerator[ChatDelta, None]:
    """Ask, and yield the answer as it comes; the last delta of each sample carries `finish_reason`.

    `messages` are the person's words only: the server puts them into the model's own chat template. Several samples
    come interleaved, from servers that give several to one request (vLLM).

    Closing the iterator ends the request on the server. Raises BurnishError with one sentence when the server cannot
    be reached, refuses, sends what is no chat stream, falls silent for `read_seconds`, dies in mid-answer, or
    (EmptyAnswerError) says nothing; what was yielded before that stands.
    """
    import httpx  # takes 60 to 110 ms, which the first paint must not wait for

    sampling = sampling or Sampling()
    body = _request(endpoint, messages, sampling)
    tallies = [_Tally(place, alone=sampling.n == 1) for place in range(sampling.n)]
    started = False
    try:
        async with (
            connect(endpoint, read_seconds=read_seconds) as client,
            client.stream("POST", "/v1/chat/completions", json=body) as response,
        ):
            if response.status_code != 200:
                raise refused(endpoint, response.status_code, await _beginning(response))
            async for data in _events(endpoint, response):
                if data == "[DONE]":
                    break
                chunk = _chunk(endpoint, data)
                started = True
                for tally in tallies:
                    delta = tally.take(chunk)
                    if delta is not None:
                        yield delta
    except httpx.TimeoutException as error:
        raise unreachable(endpoint, error, read_seconds) from error
    except httpx.HTTPError as error:
        if started:
            raise broken_off(endpoint) from error
        raise unreachable(endpoint, error, read_seconds) from error
    if any(tally.finish_reason is None for tally in tallies):
        raise broken_off(endpoint)
    if not any(tally.characters for tally in tallies):
        raise EmptyAnswerError(f"{named(endpoint)} gave an empty answer to this prompt.", title="Empty answer")
    for tally in tallies:
        yield tally.last()


def _request(endpoint: Endpoint, messages: Sequence[Message], sampling: Sampling) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": endpoint.model,
        "messages": [dict(each) for each in messages],
        "stream": True,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "max_tokens": sampling.max_tokens,
    }
    if sampling.seed is not None:
        body["seed"] = sampling.seed
    if sampling.n > 1:
        body["n"] = sampling.n
    if sampling.probabilities and endpoint.engine == "vllm":
        # Of the chosen tokens alone; each further one makes the stream as large again.
        body |= {"logprobs": True, "top_logprobs": 0}
    if endpoint.engine == "vllm":
        # With every chunk, so that tokens a second are the server's own count and need no tokenizer here.
        body["stream_options"] = {"include_usage": True, "continuous_usage_stats": True}
    elif endpoint.engine == "other":
        body["stream_options"] = {"include_usage": True}
    return body


async def _events(endpoint: Endpoint, response: httpx.Response) -> AsyncIterator[str]:
    """The `data:` fields of the stream. Lines are decoded whole, so a character may be split over packets."""
    waiting = b""
    async for block in response.aiter_bytes():
        *lines, waiting = (waiting + block).split(b"\n")
        if len(waiting) > LINE_LIMIT:
            raise malformed(endpoint, "a line without an end")
        for line in lines:
            field, _, value = line.rstrip(b"\r").partition(b":")
            if field == b"data":
                yield value.decode("utf-8", "replace").strip()
    if waiting.startswith(b"data:"):
        yield waiting.removeprefix(b"data:").decode("utf-8", "replace").strip()


def _chunk(endpoint: Endpoint, data: str) -> dict[str, Any]:
    try:
        chunk = json.loads(data)
    except ValueError as error:
        raise malformed(endpoint, data) from error
    if not isinstance(chunk, dict) or not isinstance(chunk.get("choices") or [], list):
        raise malformed(endpoint, data)
    if "error" in chunk:
        # vLLM reports what goes wrong after the first chunk within the stream, its status being sent already.
        error = chunk["error"] if isinstance(chunk["error"], dict) else {}
        code = error.get("code")
        raise refused(endpoint, code if isinstance(code, int) else 500, data)
    return chunk


async def _beginning(response: httpx.Response) -> str:
    """The first bytes of an error's body; a server that goes wrong may send any amount."""
    body = b""
    async for block in response.aiter_bytes():
        body += block
        if len(body) > 64 << 10:
            break
    return body.decode("utf-8", "replace")


def _tokens(told: object) -> tuple[Token, ...]:
    """The tokens of a chunk, where the server tells their probabilities; none where it tells something else."""
    content = told.get("content") if isinstance(told, dict) else None
    if not isinstance(content, list) or not all(isinstance(each, dict) for each in content):
        return ()
    from data.facts.confidence import tokens_of

    return tuple(tokens_of(content))


class _Tally:
    """Counts and times one sample."""

    def __init__(self, sample: int, *, alone: bool) -> None:
        self._sample = sample
        self._alone = alone
        self._sent = time.monotonic()
        self._first: float | None = None
        self._first_count = 0
        self._latest = self._sent
        self._tokens = 0
        self._counted = False
        self._prompt_tokens: int | None = None
        self.characters = 0
        self.finish_reason: str | None = None

    def take(self, chunk: dict[str, Any]) -> ChatDelta | None:
        """Count a chunk; the delta to yield, or None when it brought no text for this sample."""
        choice = self._choice(chunk.get("choices") or [])
        if choice is None:
            # The usage that stands behind all of them is that of the samples together.
            self._count(chunk.get("usage") if self._alone else None)
            return None
        content = choice.get("delta")
        text = content.get("content") if isinstance(content, dict) else None
        text = text if isinstance(text, str) else ""
        reason = choice.get("finish_reason")
        if isinstance(reason, str):
            self.finish_reason = reason
        if not text:
            self._count(chunk.get("usage"))
            return None
        now = time.monotonic()
        if not self._counted:
            self._tokens += 1
        self._count(chunk.get("usage"))
        if self._first is None:
            self._first, self._first_count = now, self._tokens
        self._latest = now
        self.characters += len(text)
        return self._delta(text, None, _tokens(choice.get("logprobs")))

    def _choice(self, choices: list[Any]) -> dict[str, Any] | None:
        for choice in choices:
            if isinstance(choice, dict) and choice.get("index", 0) == self._sample:
                return choice
        return None

    def last(self) -> ChatDelta:
        """The delta that ends the answer, with the final counts."""
        return self._delta("", self.finish_reason)

    def _count(self, usage: object) -> None:
        if not isinstance(usage, dict):
            return
        prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
        if isinstance(prompt, int):
            self._prompt_tokens = prompt
        if isinstance(completion, int) and completion > 0:
            self._tokens, self._counted = completion, True

    def _delta(self, text: str, reason: str | None, tokens: tuple[Token, ...] = ()) -> ChatDelta:
        rate = None
        if self._first is not None and self._latest - self._first >= TIMED and self._tokens > self._first_count:
            rate = (self._tokens - self._first_count) / (self._latest - self._first)
        return ChatDelta(
            text=text,
            completion_tokens=self._tokens,
            counted=self._counted,
            first_token_seconds=None if self._first is None else self._first - self._sent,
            tokens_per_second=rate,
            prompt_tokens=self._prompt_tokens,
            finish_reason=reason,
            sample=self._sample,
            tokens=tokens,
        )
