"""Rows as the store gives them, from fields or from text."""

from __future__ import annotations

import json
from pathlib import Path

from data.rows.json_codec import JsonCodec
from data.rows.row import Row, make_row


def written(path: Path, *rows: object) -> Path:
    """A JSONL file of objects, or of texts as they are."""
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path


def rows_of(*rows: object) -> list[Row]:
    """Objects, or texts as they are."""
    texts = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    codec = JsonCodec(lines=True, head="")
    return [make_row(index, text.encode(), codec, changed=False) for index, text in enumerate(texts)]
