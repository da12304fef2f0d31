"""Whether transformers can train a model, found out without loading it."""

from __future__ import annotations

import ast
import difflib
import importlib.util
import json
from functools import cache
from pathlib import Path

from data.errors import InputError

_MAPPING = "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES"
_MODULE = Path("models") / "auto" / "modeling_auto.py"


def require_architecture(directory: Path) -> None:
    """Raise InputError when the model of a directory is of a kind that transformers cannot load as a language model.

    What transformers knows is read from its source, since importing it takes seconds; where it is not installed beside
    this process, nothing is known and nothing refused.
    """
    kind = _model_type(directory)
    known = known_architectures()
    if known and kind not in known:
        near = difflib.get_close_matches(kind, sorted(known), n=1)
        hint = f"; did its config.json mean {near[0]}?" if near else ""
        called = f"is of the kind {kind!r}" if kind else "does not say in its config.json what kind it is (model_type)"
        raise InputError(
            f"The model in {directory} {called}, which the installed transformers cannot load as a language model"
            f"{hint or '; choose another model.'}"
        )


@cache
def known_architectures() -> frozenset[str]:
    """The `model_type`s that AutoModelForCausalLM loads; empty where that cannot be found out."""
    spec = importlib.util.find_spec("transformers")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        try:
            tree = ast.parse((Path(folder) / _MODULE).read_bytes())
        except (OSError, SyntaxError):
            continue
        for statement in tree.body:
            names = [each.id for each in getattr(statement, "targets", []) if isinstance(each, ast.Name)]
            if _MAPPING in names and isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
                return frozenset(key for key, _ in ast.literal_eval(statement.value.args[0]))
    return frozenset()


def _model_type(directory: Path) -> str:
    try:
        kind = json.loads((directory / "config.json").read_bytes())["model_type"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return kind if isinstance(kind, str) else ""
