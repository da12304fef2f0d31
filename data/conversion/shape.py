"""The shape of many JSON values together: which fields there are, of which type, and which of them rows lack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_KINDS: Mapping[type, str] = {
    bool: "true or false",
    int: "whole numbers",
    float: "numbers",
    str: "texts",
    list: "lists",
    dict: "objects",
}


class Shape:
    """What values at one place are, and what is inside them."""

    def __init__(self) -> None:
        self.types: set[type] = set()
        """Of the values seen, without that of null."""
        self.fields: dict[str, Shape] = {}
        """Of objects."""
        self.elements: Shape | None = None
        """Of lists."""

    def add(self, value: Any) -> None:
        """Take a value in."""
        if value is None:
            return
        self.types.add(type(value))
        if isinstance(value, dict):
            for field, inner in value.items():
                shape = self.fields.get(field)
                if shape is None:
                    shape = self.fields[field] = Shape()
                shape.add(inner)
        elif isinstance(value, list):
            if self.elements is None:
                self.elements = Shape()
            for inner in value:
                self.elements.add(inner)

    def lacks(self, value: Any) -> bool:
        """Whether an object in the value lacks a field that others at its place have."""
        if isinstance(value, dict):
            return len(value) < len(self.fields) or any(self.fields[name].lacks(inner) for name, inner in value.items())
        return isinstance(value, list) and self.elements is not None and any(map(self.elements.lacks, value))

    def mixed(self, where: str = "") -> Iterator[str]:
        """The places where values of different types stand: "messages.content holds texts and lists"."""
        if len(self.types - {int} if float in self.types else self.types) > 1:
            kinds = [_KINDS[kind] for kind in _KINDS if kind in self.types]
            yield f"{where} holds {', '.join(kinds[:-1])} and {kinds[-1]}"
        for field, shape in self.fields.items():
            yield from shape.mixed(f"{where}.{field}" if where else field)
        if self.elements is not None:
            yield from self.elements.mixed(where)

    def always_empty(self, value: Any) -> bool:
        """Whether an object in the value stands where no object has any field."""
        if isinstance(value, dict):
            return not self.fields or any(self.fields[name].always_empty(inner) for name, inner in value.items())
        return isinstance(value, list) and self.elements is not None and any(map(self.elements.always_empty, value))

    def without_empty(self, value: Any) -> Any:
        """The value with a JSON text for each such object."""
        if isinstance(value, dict):
            written = {name: self.fields[name].without_empty(inner) for name, inner in value.items()}
            return written if self.fields else "{}"
        if isinstance(value, list) and self.elements is not None:
            return [self.elements.without_empty(inner) for inner in value]
        return value
