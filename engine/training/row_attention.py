"""Attention for rows that lie end to end in one sequence, none seeing another (worker side).

Everything in a model but attention treats each token by itself, so rows need no padding there, and what all rows of a
batch begin with (a system prompt) needs to be computed only once: causal attention makes it the same in every row.
Attention itself is computed row by row: keys, queries and values are brought into rows padded on the right, and the
result back into the sequence. A model computes with this after `set_attn_implementation(ROWS)` when it is given
`rows`; without them (when it generates) it is transformers' own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

from engine.training.plain_attention import LONGEST_PLAIN

ROWS = "burnish_rows"
"""The name of this attention for `set_attn_implementation`."""
_ALIKE = 0.5
"""Rows at least so long as the longest share a block; shorter ones have one of their own."""
_SHORT = 32
"""Tokens below which rows share a block however different their lengths."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of about one length."""

    places: Tensor
    """Which token of the sequence stands where, [rows, tokens]; padding is any token."""


@dataclass(frozen=True, slots=True)
class RowLayout:
    """Which tokens of a sequence are which row."""

    blocks: tuple[Block, ...]
    places: Tensor
    """Those of all blocks, end to end."""
    back: Tensor
    """For each token of the sequence where it stands in `places`; of the shared ones, where it stands first."""
    repeats: Tensor
    """Where the shared tokens stand in `places` for every other row, [rows - 1, shared]."""

    def to(self, device: Any, **options: Any) -> RowLayout:
        """The same on another device."""
        moved = {name: getattr(self, name).to(device, **options) for name in ("places", "back", "repeats")}
        return RowLayout(tuple(Block(block.places.to(device, **options)) for block in self.blocks), **moved)


def lay_out(lengths: Sequence[int], shared: int = 0) -> RowLayout:
    """The layout of rows of these lengths in a sequence: the tokens that all of them begin with, then the rest of each.

    `shared` is less than each length.
    """
    starts: list[int] = []
    end = shared
    for length in lengths:
        starts.append(end)
        end += length - shared
    back = torch.empty(end, dtype=torch.long)
    prefix = torch.arange(shared)
    blocks: list[Block] = []
    firsts: list[int] = []
    at = 0
    for block in _blocks(lengths):
        width = lengths[block[0]]
        places = torch.zeros((len(block), width), dtype=torch.long)
        for line, row in enumerate(block):
            rest = torch.arange(lengths[row] - shared)
            places[line, :shared] = prefix
            places[line, shared : lengths[row]] = starts[row] + rest
            first = at + line * width
            back[starts[row] : starts[row] + len(rest)] = first + shared + rest
            firsts.append(first)
        blocks.append(Block(places))
        at += places.numel()
    back[:shared] = firsts[0] + prefix
    repeats = torch.tensor(firsts[1:], dtype=torch.long)[:, None] + prefix
    return RowLayout(tuple(blocks), torch.cat([block.places.flatten() for block in blocks]), back, repeats)


def _blocks(lengths: Sequence[int]) -> list[list[int]]:
    """Rows, the longest first, in groups of about one length."""
    blocks: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if not blocks or lengths[row] < min(_ALIKE * lengths[blocks[-1][0]], lengths[blocks[-1][0]] - _SHORT):
            blocks.append([])
        blocks[-1].append(row)
    return blocks


class _IntoRows(torch.autograd.Function):
    """[heads, tokens, size] of a sequence as [heads, places, size]; a shared token's gradients are added up."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, layout: RowLayout) -> Tensor:
        ctx.layout = layout
        return x.index_select(1, layout.places)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        layout: RowLayout = ctx.layout
        (gradient,) = gradients
        found = gradient.index_select(1, layout.back)
        if layout.repeats.numel():
            rows, shared = layout.repeats.shape
            others = gradient.index_select(1, layout.repeats.flatten())
            found[:, :shared] += others.view(len(gradient), rows, shared, -1).sum(1)
        return found, None


class _OutOfRows(torch.autograd.Function):
    """The way back: [heads, places, size] as [heads, tokens, size]."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, layout: RowLayout) -> Tensor:
        ctx.layout = layout
        return x.index_select(1, layout.back)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        layout: RowLayout = ctx.layout
        (gradient,) = gradients
        found = gradient.new_zeros((len(gradient), len(layout.places), gradient.shape[-1]))
        return found.index_copy_(1, layout.back, gradient), None


def _row_attention(
    module: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    dropout: float = 0.0,
    rows: RowLayout | None = None,
    **options: Any,
) -> tuple[Tensor, None]:
    """As transformers calls it: query [1, heads, tokens, size], key and value with their own number of heads.

    Raises ValueError for a kind of attention that is more than softmax over the tokens before.
    """
    if rows is None:
        return sdpa_attention_forward(
            module, query, key, value, attention_mask, dropout=dropout, scaling=scaling, **options
        )
    if dropout or any(options.get(name) is not None for name in ("softcap", "s_aux", "position_bias")):
        raise ValueError("this attention is not computed row by row")
    q, k, v = (_IntoRows.apply(each[0], rows) for each in (query, key, value))
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    found: list[Tensor] = []
    at = 0
    for block in rows.blocks:
        end = at + block.places.numel()
        shape = (*block.places.shape, -1)
        parts = [each[:, at:end].unflatten(1, shape[:2]) for each in (q, k, v)]
        attend = _plain if query.device.type == "cpu" and shape[1] <= LONGEST_PLAIN else _fused
        found.append(attend(parts[0], parts[1], parts[2], scale).flatten(1, 2))
        at = end
    out = found[0] if len(found) == 1 else torch.cat(found, 1)
    return _OutOfRows.apply(out, rows).transpose(0, 1)[None], None


def _plain(q: Tensor, k: Tensor, v: Tensor, scale: float) -> Tensor:
    """Causal attention of [heads, rows, tokens, size], several heads of q to one of k and v, as matrix products."""
    heads, rows, tokens, size = q.shape
    groups = heads // len(k)
    # The heads that share a key are one matrix: nothing is repeated.
    together = q.view(len(k), groups, rows, tokens, size).transpose(1, 2).reshape(len(k), rows, groups * tokens, size)
    scores = torch.matmul(together, k.transpose(2, 3)) * scale
    future = torch.ones(tokens, tokens, dtype=torch.bool, device=q.device).triu(1)
    scores = scores.view(len(k), rows, groups, tokens, tokens).masked_fill(future, float("-inf"))
    weights = functional.softmax(scores, dim=-1, dtype=torch.float32).to(v.dtype)
    out = torch.matmul(weights.view(len(k), rows, groups * tokens, tokens), v)
    return out.view(len(k), rows, groups, tokens, size).transpose(1, 2).reshape(heads, rows, tokens, size)


def _fused(q: Tensor, k: Tensor, v: Tensor, scale: float) -> Tensor:
    """The same by torch's fused attention."""
    q, k, v = (each.transpose(0, 1) for each in (q, k, v))
    out = functional.scaled_dot_product_attention(
        q, k, v, is_causal=True, scale=scale, enable_gqa=len(k[0]) != len(q[0])
    )
    return out.transpose(0, 1)


AttentionInterface.register(ROWS, _row_attention)
AttentionMaskInterface.register(ROWS, sdpa_mask)
