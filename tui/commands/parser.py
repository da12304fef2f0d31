"""One way of reading arguments and of printing results for all commands."""

from __future__ import annotations

import argparse
import json
from typing import Any, NoReturn

from data.errors import InputError


class Parser(argparse.ArgumentParser):
    """An argument parser whose mistakes are one sentence (exit code 2) like every other mistake in the input."""

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments."""
        raise InputError(f"{message}; see `{self.prog} --help`.")


def print_json(value: Any) -> None:
    """One JSON object on stdout, for machines."""
    print(json.dumps(value, ensure_ascii=False))
