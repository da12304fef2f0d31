"""Up to which length of its rows a run on a CPU computes attention as plain matrix products."""

from __future__ import annotations

LONGEST_PLAIN = 256
"""Tokens a row. On a CPU torch's fused attention has a slow backward pass: plain matrix products trained 1.2 times as
many tokens a second at 50-100 tokens a row. They hold a matrix of rows × heads × tokens² for every layer, so not for
long ones."""
