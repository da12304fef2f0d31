"""The cross-entropy that is computed a few targets at a time is torch's own, and so are its gradients."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from engine.training.cross_entropy import cross_entropy


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("chunk", [0, 1, 3, 7, 100])
def test_it_is_torchs_own(dtype: torch.dtype, chunk: int) -> None:
    torch.manual_seed(1)
    logits = (4 * torch.randn(7, 50)).to(dtype).requires_grad_()
    targets = torch.randint(50, (7,))
    ours = cross_entropy(logits, targets, torch.tensor(1 / 7), chunk=chunk)
    (2 * ours).backward()
    gradient, logits.grad = logits.grad, None
    before = logits.detach().clone()
    theirs = functional.cross_entropy(logits.float(), targets)
    (2 * theirs).backward()
    assert gradient is not None
    assert logits.grad is not None
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(gradient, logits.grad)
    assert gradient.dtype == dtype
    # The model's own logits stay as they are: a soft cap needs them in its backward pass.
    assert torch.equal(logits.detach(), before)


def test_without_targets_there_is_nothing_to_learn() -> None:
    logits = torch.randn(0, 50, requires_grad=True)
    loss = cross_entropy(logits, torch.empty(0, dtype=torch.long), torch.tensor(1.0))
    loss.backward()
    assert loss.item() == 0
    assert logits.grad is not None
    assert logits.grad.shape == (0, 50)


def test_no_gradient_is_kept_where_none_is_wanted() -> None:
    loss = cross_entropy(torch.randn(3, 50), torch.tensor([1, 2, 3]), torch.tensor(1.0))
    assert not loss.requires_grad
