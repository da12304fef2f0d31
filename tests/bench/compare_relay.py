"""A relay before a model server that tells when an answer begins: `python -m tests.bench.compare_relay PORT`.

It prints its own port, then for each answer the clock (`time.perf_counter`, one for the whole machine) at its first
words. What it passes on is not changed.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from contextlib import suppress

_WORDS = re.compile(rb'"content":\s*"(?!")')
"""Begins a chunk of an answer that is not empty."""


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, watched: bool) -> None:
    quiet = True
    with suppress(ConnectionError):
        while block := await reader.read(1 << 16):
            now = time.perf_counter()
            writer.write(block)
            if watched and quiet and b"chat.completion.chunk" in block and _WORDS.search(block):
                quiet = False
                print(f"{now:.6f}", flush=True)
            await writer.drain()
    with suppress(OSError):
        writer.close()


async def _main(port: int) -> None:
    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_pass_on(reader, to_server, watched=False), _pass_on(from_server, writer, watched=True))

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
