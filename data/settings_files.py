"""Small files of settings as a person and other programs write them: read whole, a mistake said in one sentence."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from data.errors import InputError


def read_toml(path: Path) -> dict[str, Any] | None:
    """The tables of a TOML file; None where there is none. Raises InputError naming the file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not a TOML file: {error}; mend or delete it.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None


def read_json_object(path: Path) -> dict[str, Any]:
    """The object of a JSON file; {} where there is no file, or no object in it. Raises InputError naming the file."""
    try:
        values = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise InputError(f"{path} is not a JSON file: {error}.") from None
    return values if isinstance(values, dict) else {}
