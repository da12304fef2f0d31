"""Which files are datasets by their names."""

from __future__ import annotations

_KINDS = (".jsonl", ".json", ".ndjson", ".csv", ".tsv", ".parquet")
_PACKINGS = ("", ".gz", ".zst")
SUFFIXES = tuple(kind + packing for kind in _KINDS for packing in _PACKINGS)
"""Endings of files that hold rows."""
TEXT_SUFFIXES = tuple(f".txt{packing}" for packing in _PACKINGS)
"""Endings of files that may hold one, and are more often something else."""
