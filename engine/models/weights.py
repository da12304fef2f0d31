"""What a checkpoint's weights are, read from the headers of its safetensors files without loading them."""

from __future__ import annotations

import json
import math
import re
import struct
from dataclasses import dataclass
from pathlib import Path

from data.errors import InputError

_HEADER_LIMIT = 100 << 20
"""No real header is longer (the format's own limit)."""
_LAYER = re.compile(r"(?:^|\.)(?:layers|h|blocks)\.(\d+)\.")
"""As the model families name their decoder layers."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The tensors of a checkpoint by name, each with its shape."""

    shapes: dict[str, tuple[int, ...]]

    @property
    def parameters(self) -> int:
        """How many numbers they hold."""
        return sum(map(math.prod, self.shapes.values()))

    @property
    def linear_layers(self) -> dict[str, tuple[int, int]]:
        """The matrices that an adapter can be put on, by module name: (outputs, inputs).

        Every linear layer of the decoder; neither the embeddings nor the output layer.
        """
        return {
            name.removesuffix(".weight"): (shape[0], shape[1])
            for name, shape in self.shapes.items()
            if len(shape) == 2 and name.endswith(".weight") and layer_number(name) is not None
        }

    @property
    def layers(self) -> int:
        """How many decoder layers there are."""
        return 1 + max((number for name in self.shapes if (number := layer_number(name)) is not None), default=-1)

    @property
    def hidden(self) -> int:
        """Width of the embeddings."""
        return next((shape[-1] for name, shape in self.shapes.items() if "embed" in name and len(shape) == 2), 0)


def layer_number(name: str) -> int | None:
    """Which decoder layer, from 0, a weight belongs to by its name; None for embeddings, last norm and output."""
    found = _LAYER.search(name)
    return int(found[1]) if found else None


def read_weights(directory: Path) -> Weights:
    """The tensors of a model's directory. Raises InputError for a file that is no safetensors file, or is cut short.

    Format: 8 bytes little-endian length, then a JSON header with `shape` and `data_offsets` of each tensor.
    """
    shapes: dict[str, tuple[int, ...]] = {}
    for path in sorted(directory.glob("*.safetensors")):
        with path.open("rb") as file:
            start = file.read(8)
            length = struct.unpack("<Q", start)[0] if len(start) == 8 else _HEADER_LIMIT
            try:
                header = json.loads(file.read(length)) if length < _HEADER_LIMIT else None
                tensors = {name: each for name, each in header.items() if name != "__metadata__"} if header else {}
                shapes |= {name: tuple(each["shape"]) for name, each in tensors.items()}
                end = max((each["data_offsets"][1] for each in tensors.values()), default=0)
            except (ValueError, KeyError, TypeError, AttributeError):
                raise InputError(f"{path} is not a safetensors file; download the model again.") from None
        if not tensors or path.stat().st_size != 8 + length + end:
            raise InputError(f"{path} is not complete; download the model again.")
    return Weights(shapes)
