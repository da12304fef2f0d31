"""The scan for wanted rows, in slices between which the screen lives."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator

from data.rows.row import as_bytes
from data.search.query import Query
from data.search.scan import Readings, Scan
from data.store import RowStore
from tui.dataset.slices import Slices


class Finder:
    """What was looked for last, and the rows found so far. The caller makes sure that one `look` runs at a time."""

    def __init__(self) -> None:
        self.wanted = Query(())
        self.found: array[int] = array("Q")
        """Indices of the rows that fit, ascending; grows while the scan goes on."""
        self.complete = False
        """Whether every row was looked at, and none has changed its place since."""
        self.seen = 0
        """Rows looked at so far."""

    def forget(self) -> None:
        """Rows were added, removed or moved: what was found is no longer true."""
        self.complete = False

    async def look(self, store: RowStore, wanted: Query, readings: Readings, tell: Callable[[], None]) -> None:
        """Find the wanted rows; `tell` is called when more are known, a few times a second, and at the end."""
        before, complete, earlier = self.wanted, self.complete, self.found
        self.wanted, self.found, self.complete, self.seen = wanted, array("Q"), False, 0
        scan = Scan(store.snapshot(), wanted, readings)
        narrower = complete and wanted.narrows(before)
        slices = Slices()
        for found in self._among(scan, store, earlier) if narrower else scan.run():
            self.found.extend(found)
            if slices.due:
                self.seen = scan.seen
                if slices.tells:
                    tell()
                await slices.pause()
        self.complete = True
        tell()

    def _among(self, scan: Scan, store: RowStore, earlier: array[int]) -> Iterator[list[int]]:
        """Only among the rows of a wider search."""
        for index in earlier:
            scan.seen = index
            yield [index] if scan.fits(index, as_bytes(store.text(index))) else []

    def after(self, index: int) -> int | None:
        """The next row found behind this one; after the last comes the first."""
        if not self.found:
            return None
        return self.found[bisect_right(self.found, index) % len(self.found)]

    def before(self, index: int) -> int | None:
        """The row found before this one; before the first comes the last."""
        return self.found[bisect_left(self.found, index) - 1] if self.found else None
