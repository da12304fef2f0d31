"""An OpenAI-compatible server that streams numbered words at a fixed pace: `… -m tests.bench.compare_server [PACE]`.

It prints its port, then for each answer the clock (`time.perf_counter`, one for the whole machine) at its first word.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from contextlib import suppress
from functools import partial

PACE = 300
"""Words a second, each a token and a chunk of its own, where no other pace is asked for."""
SECONDS = 12
"""How long an answer takes at that pace; at another one it is as many words."""
FACT_EVERY = 25
"""Words between two facts, which are compared while they stream."""

_LETTERS = str.maketrans("0123456789", "abcdefghij")
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def word(number: int) -> str:
    """A number as a word of letters, which states no fact."""
    return "q" + str(number).translate(_LETTERS)


def number_of(letters: str) -> int:
    """The number of a word, without its q."""
    return int(letters.translate({letter: digit for digit, letter in _LETTERS.items()}))


async def _answer(pace: float, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    lengths = [line for line in head.splitlines() if line.lower().startswith("content-length")]
    await reader.readexactly(int(lengths[0].split(":")[1]) if lengths else 0)
    path = head.split(" ")[1]
    if path == "/v1/chat/completions":
        with suppress(ConnectionError):
            await _stream(pace, writer)
    else:
        body = {"tokens": [1, 2, 3]} if path == "/tokenize" else {"data": [{"id": "model", "owned_by": "vllm"}]}
        payload = json.dumps(body).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(payload) + payload)
    writer.close()


async def _stream(pace: float, writer: asyncio.StreamWriter) -> None:
    writer.write(_HEAD)
    await asyncio.sleep(0.2)
    begun = time.perf_counter()
    print(f"{begun:.6f}", flush=True)
    for number in range(PACE * SECONDS):
        fact = f"It has {number} KB. " if number % FACT_EVERY == 0 else ""
        _send(writer, {"content": f"{word(number)} {fact}"}, number + 1)
        await writer.drain()
        await asyncio.sleep(max(0.0, begun + (number + 1) / pace - time.perf_counter()))
    _send(writer, {}, PACE * SECONDS, "stop")
    writer.write(b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")
    await writer.drain()


def _send(writer: asyncio.StreamWriter, delta: dict[str, str], tokens: int, finish: str | None = None) -> None:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    usage = {"prompt_tokens": 40, "completion_tokens": tokens}
    event = b"data: " + json.dumps({"choices": [choice], "usage": usage}).encode() + b"\n\n"
    writer.write(b"%x\r\n%s\r\n" % (len(event), event))


async def _main(pace: float) -> None:
    server = await asyncio.start_server(partial(_answer, pace), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(float(sys.argv[1]) if len(sys.argv) > 1 else PACE))
