"""A short name for a row's exact bytes, by which tags and measured losses stay with it wherever it moves."""

from __future__ import annotations

from hashlib import blake2b


def row_digest(text: bytes) -> bytes:
    """Eight bytes that differ for rows that differ (two of a million rows share one with a chance of 1 in 10⁷)."""
    return blake2b(text, digest_size=8).digest()
