"""A local HTTP server that answers each request with scripted bytes, so that every fault of a server can be played."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from engine.chat.arms import Arm
from engine.chat.endpoint import Endpoint

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
HANG = object()
"""In a script: say nothing more, and keep the connection."""
DROP = object()
"""In a script: cut the connection without an end."""


@dataclass
class Scripted:
    """A running server and what it was asked."""

    port: int
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a client went away while the server hung."""

    def arm(self, name: str) -> Arm:
        """It as a side of a comparison."""
        return Arm(name, f"http://127.0.0.1:{self.port}")

    def endpoint(self, **settings: Any) -> Endpoint:
        """Where it is."""
        return Endpoint(
            f"http://127.0.0.1:{self.port}", "base", **{"engine": "vllm", "name": "the base server", **settings}
        )


def event(text: str = "", *, tokens: int | None = None, finish: str | None = None) -> bytes:
    """One chunk of an answer as vLLM sends it."""
    chunk: dict[str, Any] = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}
    if tokens is not None:
        chunk["usage"] = {"prompt_tokens": 45, "completion_tokens": tokens, "total_tokens": 45 + tokens}
    return b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"


def status(code: int, body: str) -> bytes:
    """A whole response that is no stream."""
    payload = body.encode()
    return f"HTTP/1.1 {code} X\r\nContent-Length: {len(payload)}\r\nConnection: close\r\n\r\n".encode() + payload


def model_server(
    *script: object, owner: str = "vllm", tokens: Sequence[int] = (1, 2, 3)
) -> AbstractAsyncContextManager[Scripted]:
    """A server that lists one model and tells the tokens of any prompt; the script is for the answers."""
    models = status(200, json.dumps({"data": [{"id": "base", "owned_by": owner}]}))
    told = status(200, json.dumps({"tokens": list(tokens)}))
    return serving(*script, others={"/v1/models": models, "/tokenize": told})


@asynccontextmanager
async def serving(*script: object, others: Mapping[str, bytes] | None = None) -> AsyncIterator[Scripted]:
    """Serve the script to each request: bytes are sent as chunks (raw when they begin with HTTP), see HANG and DROP.

    An `asyncio.Event` in it is waited for. `others` are the whole responses of further paths.
    """
    scripted: Scripted

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            (int(line.split(":")[1]) for line in head.splitlines() if line.lower().startswith("content-length")), 0
        )
        body = await reader.readexactly(length)
        other = (others or {}).get(head.split(" ")[1])
        if other is None:
            scripted.headers.append(head)
            scripted.requests.append(json.loads(body or b"{}"))
        await _play(script if other is None else (other,), reader, writer, scripted.closed.set)

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    scripted = Scripted(server.sockets[0].getsockname()[1])
    async with server:
        yield scripted


async def _play(
    script: tuple[object, ...],
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    gone: Callable[[], None],
) -> None:
    begun = False
    for step in script:
        if step is HANG:
            await reader.read()
            gone()
            break
        if step is DROP:
            writer.transport.abort()
            return
        if isinstance(step, asyncio.Event):
            await step.wait()
            continue
        assert isinstance(step, bytes)
        if step.startswith(b"HTTP/"):
            writer.write(step)
        else:
            writer.write((b"" if begun else HEAD) + b"%x\r\n%s\r\n" % (len(step), step))
            begun = True
        await writer.drain()
        # Each step in a packet of its own.
        await asyncio.sleep(0)
    else:
        writer.write(b"0\r\n\r\n" if begun else b"")
    writer.close()
