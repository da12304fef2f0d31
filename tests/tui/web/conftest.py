"""A web server in the test's own process, and a client that has, or has not, its address."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from tui.web.access import Access
from tui.web.server import WebServer

Served = tuple[TestClient, Access, list[str]]
"""A client without the token, the secrets, and what the server said in its terminal."""

Serve = Callable[..., Awaitable[Served]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves a command's words to its pages."""
    async with AsyncExitStack() as stack:

        async def start(*words: str, listens_on: str = "127.0.0.1") -> Served:
            access, said = Access(listens_on), []
            server = WebServer(words or (sys.executable, "-c", ""), access, title="a test", say=said.append)
            client = TestClient(TestServer(await server._make_app()))
            await stack.enter_async_context(client)
            return client, access, said

        yield start


async def let_in(client: TestClient, access: Access) -> None:
    """Open the address, as a browser does."""
    assert (await client.get("/", params={"token": access.token})).status == 200


async def open_page(client: TestClient, access: Access, *, size: str = "") -> aiohttp.ClientWebSocketResponse:
    """Open the websocket of a page, as textual.js does."""
    await let_in(client, access)
    return await client.ws_connect(f"{access.folder}/ws{size}", origin=str(client.make_url("")).rstrip("/"))
