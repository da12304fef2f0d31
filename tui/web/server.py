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
from aiohttp import WSCloseCode, WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.server import Server, to_int

from tui.web.access import HEADERS, Access
from tui.web.complaints import in_sentences
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
        self._open: dict[web.WebSocketResponse, Session] = {}

    async def serve_on(self, listening: socket, started: Callable[[], None]) -> None:
        """Serve until SIGINT, SIGTERM or SIGHUP; then every page's screen is ended."""
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup burnish --web` goes on without its terminal
                loop.add_signal_handler(number, ended.set)
        # Without an access log: it has every request's address, and the first one holds the token.
        runner = web.AppRunner(await self._make_app(), access_log=None, shutdown_timeout=GRACE + 2)
        with in_sentences(self._say):
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
        self._open[page] = session
        try:
            await session.start(to_int(request.query.get("width", ""), 80), to_int(request.query.get("height", ""), 24))
            await self._process_messages(page, session)
        except ValueError:
            await page.close(code=WSCloseCode.UNSUPPORTED_DATA)
        finally:
            # The screen has its time to end also where aiohttp cancels what answers a connection that is gone.
            await asyncio.shield(asyncio.create_task(self._end(page, session)))
        return page

    async def _end(self, page: web.WebSocketResponse, session: Session) -> None:
        """End the screen of a page."""
        await session.stop()
        self._open.pop(page, None)

    async def _process_messages(self, websocket: web.WebSocketResponse, app_service: AppService) -> None:
        """Hand on what the page's script sends: keys, its size, whether it has the focus."""
        async for message in websocket:
            if message.type is not WSMsgType.TEXT:
                continue
            match message.json():
                case ["stdin", str() as keys]:
                    await app_service.send_bytes(keys.encode("utf-8", "replace"))
                case ["resize", {"width": int() as width, "height": int() as height}]:
                    await app_service.set_terminal_size(width, height)
                case ["ping", str() as sent]:
                    await websocket.send_json(["pong", sent])
                case ["blur"]:
                    await app_service.blur()
                case ["focus"]:
                    await app_service.focus()
                case _:
                    raise ValueError("not what our page sends")

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002 - textual-serve's
        """Close the pages and wait for the ends of their screens; aiohttp forgets a page that has gone."""
        pages = list(self._open.items())
        await asyncio.gather(*(page.close(code=WSCloseCode.GOING_AWAY) for page, _ in pages))
        await asyncio.gather(*(self._end(page, session) for page, session in pages))


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
