"""The web server: textual-serve's, on one socket, behind a token, with pages that load nothing from elsewhere."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from socket import socket
from typing import Any

import aiohttp_jinja2
import jinja2
from aiohttp import WSCloseCode, web
from textual_serve.server import Server, to_int

from tui.web.access import HEADERS, Access
from tui.web.session import GRACE, Session

_ENTRANCE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>burnish</title>
<meta http-equiv="refresh" content="0; url={folder}/"></head></html>
"""
"""A page that goes on to the screen. A redirection would not do: it takes no strict cookie along when the address was
opened from a page of another site."""

_PAGE = Path(__file__).parent


class WebServer(Server):
    """Serves a command's screen to every page that is opened with the token."""

    def __init__(self, words: Sequence[str], access: Access, *, title: str, say: Callable[[str], None]) -> None:
        super().__init__("burnish", title=title, templates_path=_PAGE)
        self._words = tuple(words)
        self._access = access
        self._say = say
        self._pages: set[web.WebSocketResponse] = set()

    async def serve_on(self, listening: socket, started: Callable[[], None]) -> None:
        """Serve until SIGINT, SIGTERM or SIGHUP; then every page's screen is ended."""
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup burnish --web` goes on without its terminal
                loop.add_signal_handler(number, ended.set)
        # Without an access log: it has every request's address, and the first one holds the token.
        runner = web.AppRunner(await self._make_app(), access_log=None, shutdown_timeout=GRACE + 2)
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            started()
            await ended.wait()
        finally:
            await runner.cleanup()

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard])
        aiohttp_jinja2.setup(app, loader=jinja2.FileSystemLoader(self.templates_path))
        folder = self._access.folder
        app.add_routes(
            [
                web.get("/", self._handle_entrance),
                web.get(f"{folder}/", self.handle_index),
                web.get(f"{folder}/ws", self.handle_websocket),
                web.get(f"{folder}/download/{{key}}", self.handle_download),
                web.static(f"{folder}/static", self.statics_path),
                web.static(f"{folder}/page", _PAGE / "page"),
            ]
        )
        app.on_response_prepare.append(_add_headers)
        app.on_shutdown.append(self.on_shutdown)
        return app

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Before any route is looked at, so that a stranger learns of none."""
        if refusal := self._access.refusal(request):
            return web.Response(status=403, text=refusal)
        return await handler(request)

    async def _handle_entrance(self, _request: web.Request) -> web.Response:
        response = web.Response(text=_ENTRANCE.format(folder=self._access.folder), content_type="text/html")
        self._access.let_in(response)
        return response

    @aiohttp_jinja2.template("index.html")
    async def handle_index(self, request: web.Request) -> dict[str, Any]:  # noqa: ARG002 - textual-serve's
        """The page with the terminal."""
        return {"title": self.title}

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A page and its screen, from the opening of the page to the end of one of them."""
        page = web.WebSocketResponse(heartbeat=15)
        await page.prepare(request)
        session = Session(
            self._words,
            say=self._say,
            write_bytes=page.send_bytes,
            write_str=page.send_str,
            close=page.close,
            download_manager=self.download_manager,
            folder=self._access.folder,
        )
        self._pages.add(page)
        try:
            await session.start(to_int(request.query.get("width", ""), 80), to_int(request.query.get("height", ""), 24))
            await self._process_messages(page, session)
        except (LookupError, TypeError, ValueError):
            # What came is not what our page sends; textual-serve would say so with a traceback.
            await page.close(code=WSCloseCode.UNSUPPORTED_DATA)
        finally:
            self._pages.discard(page)
            await session.stop()
        return page

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002 - textual-serve's
        """Close the pages, which ends their screens."""
        await asyncio.gather(*(page.close(code=WSCloseCode.GOING_AWAY) for page in list(self._pages)))


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
