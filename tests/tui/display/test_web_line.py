"""What goes to a browser is written on a thread of its own, whatever becomes of the reader."""

from __future__ import annotations

import os
import threading

from tests.waiting import wait_for
from tui.display.web_line import PipeWriter


def test_a_reader_that_stalls_is_waited_for_in_the_thread_only() -> None:
    read, write = os.pipe()
    writer = PipeWriter(write)
    writer.start()
    blocks = [bytes([number]) * 60_000 for number in range(20)]
    for block in blocks:  # a pipe holds 64 KiB: this would wait for ever, were it not for the thread
        writer.write(block)
    assert writer._queue.qsize() > 0
    taken = b""
    while len(taken) < 20 * 60_000:
        taken += os.read(read, 1 << 16)
    assert taken == b"".join(blocks)
    writer.stop(60)
    assert not writer.is_alive()
    os.close(read)
    os.close(write)


def test_a_reader_that_is_gone_holds_nothing_up() -> None:
    read, write = os.pipe()
    writer = PipeWriter(write)
    writer.start()
    os.close(read)
    for _ in range(100):
        writer.write(bytes(60_000))
    wait_for(lambda: writer._queue.qsize() == 0, what="what waits to be thrown away")
    writer.stop(60)
    assert not writer.is_alive()
    assert writer not in threading.enumerate()
    os.close(write)


def test_the_end_does_not_wait_for_a_reader_that_never_reads() -> None:
    read, write = os.pipe()
    writer = PipeWriter(write)
    writer.start()
    writer.write(bytes(200_000))
    writer.stop(0.05)
    assert writer.is_alive()
    os.close(read)
    writer.join(60)
    assert not writer.is_alive()
    os.close(write)
