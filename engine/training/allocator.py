"""A limit for torch's GPU memory, so that a run that takes too much fails with an error (worker side).

Where the GPU's memory is the machine's (DGX Spark), running out does not raise an exception: the machine swaps and does
not come back. torch's own allocator refuses in time when it is told how much there is.
"""

from __future__ import annotations

import torch

from engine.training.job import TrainingJob
from engine.training.loading import Arithmetic
from engine.training.memory import room_for


def cap_allocator(job: TrainingJob, arithmetic: Arithmetic) -> None:
    """Allow the GPU allocator of this process what the run may take now; on a CPU there is nothing to cap.

    Libraries with an allocator of their own (cuBLAS, NCCL) are not counted:
    https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.set_per_process_memory_fraction.html
    """
    if arithmetic.device == "cuda":
        room, _ = room_for(job)
        total = torch.cuda.get_device_properties(torch.cuda.current_device()).total_memory
        torch.cuda.set_per_process_memory_fraction(allowed_fraction(room, total))


def allowed_fraction(room: int, total: int) -> float:
    """The share of the GPU's memory that is allowed, 0 to 1."""
    return min(1.0, max(0.0, room / total))
