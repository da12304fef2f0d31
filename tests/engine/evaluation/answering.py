"""A local model server that answers each question as a test says, and counts what it is asked at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from engine.chat.arms import Arm
from tests.engine.chat.scripted import DONE, DROP, HANG, HEAD, event, status

Reply = Callable[[str], object]
"""From a question to the answer's text, or to bytes that are sent as they are, or to DROP or HANG."""

MODELS = json.dumps({"object": "list", "data": [{"id": "scripted", "object": "model"}]})


@dataclass
class Answering:
    """A running server and what it was asked."""

    server: asyncio.Server
    reply: Reply
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """Closed: every answer waits."""
    at_once: int = 0
    most: int = 0
    """Requests that were in flight together at most."""
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self.gate.set()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server.sockets[0].getsockname()[1]

    @property
    def host(self) -> str:
        """Where it listens: an address of this machine."""
        return self.server.sockets[0].getsockname()[0]

    @property
    def asked(self) -> list[str]:
        """The questions, in the order in which they came."""
        return [request["messages"][-1]["content"] for request in self.requests]

    def arm(self, name: str, **settings: Any) -> Arm:
        """The arm that asks it."""
        return Arm(name, f"http://{self.host}:{self.port}", **settings)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something about the requests."""
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(condition), 120)

    async def changed_now(self) -> None:
        """Wake those who wait."""
        async with self.changed:
            self.changed.notify_all()


@asynccontextmanager
async def answering(reply: Reply, port: int = 0, host: str = "127.0.0.1") -> AsyncIterator[Answering]:
    """Serve until the end of the block; going on afterwards nothing listens there."""
    found: Answering

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _answer(found, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, host, port, reuse_port=bool(port))
    found = Answering(server, reply)
    try:
        yield found
    finally:
        found.gate.set()
        server.close()


async def _answer(found: Answering, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    if head.startswith("GET"):
        writer.write(status(200, MODELS))
        await writer.drain()
        return
    length = next(int(line.split(":")[1]) for line in head.splitlines() if line.lower().startswith("content-length"))
    found.headers.append(head)
    found.requests.append(json.loads(await reader.readexactly(length)))
    found.at_once += 1
    found.most = max(found.most, found.at_once)
    await found.changed_now()
    try:
        reply = found.reply(found.requests[-1]["messages"][-1]["content"])
        await found.gate.wait()
        await _send(reply, reader, writer)
    finally:
        found.at_once -= 1
        await found.changed_now()


async def _send(reply: object, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    if reply is HANG:
        await reader.read()
        return
    if reply is DROP:
        writer.transport.abort()
        return
    if isinstance(reply, bytes):
        writer.write(reply)
    else:
        # Escaped, as some servers send it: half of a surrogate pair has no UTF-8.
        said = event("@").replace(b'"@"', json.dumps(str(reply)).encode())
        chunks = [said, event(finish="stop"), DONE]
        writer.write(HEAD + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n")
    await writer.drain()
