"""Starts vLLM's server on a CPU, run by the serving environment's Python: `python vllm_cpu.py --model …`.

The same server as `python -m vllm.entrypoints.openai.api_server`, started in a third of the processor time: almost all
of a start is importing, and vLLM on a CPU imports everything once more in each process that it spawns. Measured with a
135M model on two shared cores, processor seconds until /health answers (and memory): 36 (3.2 GB) as it stands; 23
(2.8 GB) with the worker inside the engine's process (VLLM_ENABLE_V1_MULTIPROCESSING=0); 17 with the server's modules
imported by that process only; 12.5 with the engine forked instead of spawned; 10.5 without garbage collection while
importing and with a small cache (1.8 GB).
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that the kernel sends when the parent ends."""


def main() -> None:
    """Serve until SIGTERM; the arguments are those of `vllm serve`."""
    # A collection finds nothing to free while modules are only being added.
    gc.disable()
    import torch
    import vllm.v1.engine.async_llm  # noqa: F401  # pyright: ignore[reportMissingImports]
    from vllm.entrypoints.launchers.api_server.entry import (  # pyright: ignore[reportMissingImports]
        main as serve,
    )
    from vllm.platforms.cpu import CpuPlatform  # pyright: ignore[reportMissingImports]

    gc.freeze()
    gc.enable()
    check = CpuPlatform.check_and_update_config.__func__

    def check_and_fork(platform: type, config: object) -> None:
        """vLLM's own check, which sets `spawn` so that each worker can bind its threads; ours are not bound."""
        check(platform, config)
        os.environ["VLLM_WORKER_MULTIPROC_METHOD"] = "fork"

    if sys.platform == "linux":
        # An OpenMP pool does not survive a fork: this process never makes one, the engine sets its own number.
        threads = int(os.environ["OMP_NUM_THREADS"])
        torch.set_num_threads(1)

        def settle() -> None:
            torch.set_num_threads(threads)
            # An engine whose server was killed would keep its memory, and with the inherited socket the port.
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

        os.register_at_fork(after_in_child=settle)
        CpuPlatform.check_and_update_config = classmethod(check_and_fork)
    serve()


if __name__ == "__main__":
    main()
