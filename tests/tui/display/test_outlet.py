"""Writing to a terminal that takes its time, is of another encoding, or is gone."""

from __future__ import annotations

import os
from threading import Thread

from tui.display.outlet import Outlet


def test_what_the_encoding_lacks_becomes_ascii() -> None:
    reading, writing = os.pipe()
    outlet = Outlet(writing, "ascii")
    outlet.write("a → ")
    outlet.write("漢\udcff")
    outlet.flush()
    assert os.read(reading, 100) == b"a > ???"


def test_a_descriptor_that_does_not_block_gets_everything() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    outlet = Outlet(writing, "utf-8")
    outlet.write("x" * 1_000_000)
    thread = Thread(target=outlet.flush)
    thread.start()
    got = 0
    while got < 1_000_000:
        got += len(os.read(reading, 1 << 16))
    thread.join()
    assert not outlet.closed_off


def test_a_terminal_that_is_gone_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    outlet = Outlet(writing, "utf-8")
    for _ in range(2):
        outlet.write("to nobody")
        outlet.flush()
    assert outlet.closed_off
