"""One way of reading arguments and of printing results for all commands."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any, NoReturn

from data.errors import InputError

_ESCAPED = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Delete, the C1 controls, marks that turn the direction of text, and lone surrogates."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose mistakes are one sentence (exit code 2) like every other mistake in the input."""

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments."""
        raise InputError(f"{message}; see `{self.prog} --help`.")


def workspace_option(parser: Parser) -> None:
    """Add the two options that every command on a workspace takes."""
    parser.add_argument(
        "-C", "--workspace", type=existing_folder, default=".", help="the workspace (default: this folder)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON value on stdout, for machines")


def existing_folder(text: str) -> Path:
    """The absolute path of a folder that must be there."""
    path = Path(text)
    if not path.is_dir():
        raise InputError(f"There is no folder {text}; a workspace is any folder.")
    return path.resolve()


def print_json(value: Any) -> None:
    """One JSON object on stdout, for machines; what a terminal would obey, or UTF-8 cannot hold, is escaped."""
    text = json.dumps(value, ensure_ascii=False)
    print(_ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text))
