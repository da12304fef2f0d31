"""Pressing every key that a place offers: the action must run, nothing may crash, and a person must see that it did."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator
from pathlib import Path

from textual.binding import ActiveBinding

from tests.tui.whole.places import Place
from tests.tui.whole.stage import Workbench, workbench
from tui.crash_log import state_folder
from tui.keymap import key_names, known_bindings
from tui.widgets.flash import Flash

Key = tuple[str, str]
"""The id of a binding, and one of its keys."""
Offered = tuple[str, ActiveBinding]
"""A key, and what it does here."""

_LEAVING = ("d", "delete", "tab", "enter", "escape", "q", "ctrl+c", "ctrl+q", "ctrl+s", "ctrl+j")
"""Keys that often end a place or take something away, and are pressed last."""
_PATIENCE, _SHORTLY = 120.0, 1.5
"""Seconds that a key is given to show what it does: the last time, and while there is something else to try."""
_POLL = 0.02
"""Seconds between two looks at the screen: Textual's own pause asks every widget."""
UNSEEN = {
    "app.repaint": "sends the same cells again",
    "app.suspend": "gives the terminal back to the shell, which a screen without a terminal has not",
}
"""Bindings that change nothing that a person sees, and why."""


def every_key() -> set[Key]:
    """All keys of all bindings of burnish."""
    return {(name, key) for name, known in known_bindings().items() for key in key_names(known.binding.key)}


class Walk:
    """What was pressed so far, and what went wrong."""

    def __init__(self, template: Path, folders: Path) -> None:
        self.pressed: set[Key] = set()
        self.faults: list[str] = []
        self.template = template
        self.places: set[str] = set()
        """Those that were walked through."""
        self._folders = (folders / f"walk-{number}" for number in itertools.count())

    async def through(self, place: Place) -> None:
        """Press every key of a place that was not pressed before; begin anew where there is no way back."""
        while True:
            async with workbench(self.template, next(self._folders), **place.setting) as bench:
                await place.reach(bench)
                await quiet(bench)
                home = _where(bench)
                here = {_key(each) for each in self._left(bench, place)}
                while left := self._left(bench, place):
                    key, binding = left[0]
                    self.pressed.add(_key(left[0]))
                    await self._press(bench, place, key, binding)
                    if not bench.app.is_running or not await _back(bench, place, home):
                        break
            # What was offered at first may no longer have been after what was pressed before it.
            if here <= self.pressed:
                return

    def _left(self, bench: Workbench, place: Place) -> list[Offered]:
        """What is offered and was not pressed yet."""
        offered = sorted(_offered(bench), key=lambda each: (each[0] in _LEAVING, each[0]))
        return [each for each in offered if _key(each) not in self.pressed and each[1].binding.id not in place.later]

    async def _press(self, bench: Workbench, place: Place, key: str, active: ActiveBinding) -> None:
        what = f"{place.name}: {key} ({active.binding.id})"
        before = _state(bench)
        bench.app.ran.clear()
        await bench.pilot.press(key)
        unseen = active.binding.id in UNSEEN
        changed = await _changed(bench, before, _SHORTLY if place.stirs or unseen else _PATIENCE)
        name = active.binding.action.partition("(")[0].rpartition(".")[2]
        # What was seen to change may be the key's message that went, while the action waits for a thread.
        if not await _ran(bench, name):
            self.faults.append(f"{what}: {active.binding.action} did not run")
        for stir in () if changed or unseen else place.stirs:
            if not bench.app.is_running:
                break
            await bench.pilot.press(stir)
            await quiet(bench)
            before = _state(bench)
            await bench.pilot.press(key)
            if changed := await _changed(bench, before, _PATIENCE if stir == place.stirs[-1] else _SHORTLY):
                break
        if not changed and not unseen:
            self.faults.append(f"{what}: nothing changed, and nothing says why")
        if bench.app._exception is not None:
            self.faults.append(f"{what}: {bench.app._exception!r}")
        log = state_folder() / "crash.log"
        if log.exists():
            self.faults.append(f"{what}: {log.read_text()}")
            log.unlink()


def _offered(bench: Workbench) -> Iterator[Offered]:
    known = known_bindings()
    for key, active in bench.app.screen.active_bindings.items():
        if active.enabled and active.binding.id in known:
            yield key, active


def _key(offered: Offered) -> Key:
    return offered[1].binding.id or "", offered[0]


def _where(bench: Workbench) -> tuple[object, ...]:
    focused = bench.app.focused
    return type(bench.app.screen), type(focused), focused.id if focused is not None else None


async def _back(bench: Workbench, place: Place, home: tuple[object, ...]) -> bool:
    """Return to a place by escape, or on the way that led there."""
    await quiet(bench)
    for _ in range(3):
        if not bench.app.is_running or _where(bench) == home:
            return bench.app.is_running
        await bench.pilot.press("escape")
        await quiet(bench)
    if not bench.app.is_running or len(bench.app.screen_stack) > 1 or "dataset" in place.setting:
        return False
    try:
        await place.reach(bench, patience=3)
    except AssertionError:
        return False
    await quiet(bench)
    return bench.app.is_running and _where(bench) == home


def _state(bench: Workbench) -> tuple[object, ...]:
    """All that a person could notice: the screen, what went to the clipboard, the files, whether it still runs."""
    app = bench.app
    if not app.is_running:
        return (False,)
    strips = app.screen._compositor.render_strips(app.size)
    cells = tuple(tuple((segment.text, segment.style) for segment in strip) for strip in strips)
    files = tuple(
        (path, path.stat().st_size)
        for path in sorted(bench.workspace.rglob("*"))
        if path.is_file() and ".burnish" not in path.parts
    )
    return cells, app.clipboard, files, _where(bench), [flash.has_class("-shown") for flash in app.query(Flash)]


async def _ran(bench: Workbench, name: str) -> bool:
    """Whether an action of that name runs to its end."""
    deadline = time.monotonic() + _PATIENCE
    while not any(ran == name for _, ran in bench.app.ran):
        if not bench.app.is_running or time.monotonic() > deadline:
            return any(ran == name for _, ran in bench.app.ran)
        await asyncio.sleep(_POLL)
    return True


async def _changed(bench: Workbench, before: tuple[object, ...], patience: float) -> bool:
    try:
        async with asyncio.timeout(patience):
            while bench.app.is_running and _state(bench) == before:
                await asyncio.sleep(_POLL)
    except TimeoutError:
        return False
    return True


async def quiet(bench: Workbench) -> None:
    """Wait until the screen stands still."""
    await bench.pilot.pause()
    before: tuple[object, ...] = ()
    for _ in range(40):
        await asyncio.sleep(_POLL)
        if not bench.app.is_running or (now := _state(bench)) == before:
            return
        before = now
