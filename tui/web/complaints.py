"""What the libraries of the web server complain of: they would print tracebacks, and what strangers send in them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aiohttp.http_exceptions import HttpProcessingError

from tui.crash_log import crash_sentence

_LOGGERS = ("aiohttp", "asyncio", "textual-serve")


class _Complaints(logging.Handler):
    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        """Say a sentence about an error. What is no HTTP is nobody's error here, and neither is a lost connection."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, HttpProcessingError | ConnectionError):
            self._say(f"burnish: {crash_sentence(error)}")


@contextmanager
def in_sentences(say: Callable[[str], None]) -> Iterator[None]:
    """Complaints become sentences within."""
    handler = _Complaints(say)
    for name in _LOGGERS:
        logging.getLogger(name).addHandler(handler)
    try:
        yield
    finally:
        for name in _LOGGERS:
            logging.getLogger(name).removeHandler(handler)
