"""What is run to serve a model: the argument list and the environment, by engine and device."""

from __future__ import annotations

import os
from pathlib import Path

from engine.serving.backend import Invocation, Order
from engine.serving.environment import ServingEnvironment
from engine.serving.sizes import gpu_share

CONTEXT = 2048
"""Tokens of prompt and answer together, where the model can take as many."""
AT_ONCE = 16
"""Requests that are worked on at a time; more of them wait. Small, so that little memory is set aside."""
CACHED_TOKENS = 8 * CONTEXT
"""Tokens that the cache of keys and values holds: eight requests of full length, or many short ones."""
DTYPE = "bfloat16"
"""The same on both sides, however the weights were saved, so that answers differ by training only."""
OFFLINE = {"HF_HUB_OFFLINE": "1", "DO_NOT_TRACK": "1", "VLLM_NO_USAGE_STATS": "1"}
"""Nothing is fetched and nothing is told: what is served lies on this machine."""
KEY = "VLLM_API_KEY"
"""The environment variable in which vLLM looks for the key of its clients."""
RUNTIME_ADAPTERS = {"VLLM_ALLOW_RUNTIME_LORA_UPDATING": "True"}


def invocation(environment: ServingEnvironment, order: Order) -> Invocation:
    """How to serve a model on 127.0.0.1 by a program of the serving environment."""
    shared = OFFLINE | {"PYTHONNOUSERSITE": "1", "PYTHONPATH": "", "TMPDIR": str(order.scratch)}
    if environment.device == "cpu":
        shared |= _shared_cores()
    if environment.engine == "transformers":
        return _transformers(environment, order, shared)
    arguments = ("--model", str(order.model), "--host", "127.0.0.1", "--port", str(order.port), *vllm_arguments(order))
    settings = {**shared, KEY: order.key, "VLLM_HOST_IP": "127.0.0.1", **(RUNTIME_ADAPTERS if order.rank else {})}
    if environment.device == "cuda":
        start = (str(environment.python), "-m", "vllm.entrypoints.openai.api_server")
        return Invocation((*start, *arguments, *gpu_arguments(order)), settings, order.served_name)
    # The worker runs inside the engine's process and binds no threads: see vllm_cpu.py.
    settings |= {"VLLM_CPU_OMP_THREADS_BIND": "nobind", "VLLM_ENABLE_V1_MULTIPROCESSING": "0"}
    start = (str(environment.python), str(Path(__file__).with_name("vllm_cpu.py")))
    return Invocation((*start, *arguments), settings, order.served_name)


def vllm_arguments(order: Order) -> tuple[str, ...]:
    """The arguments of vLLM's server that are the same wherever it runs."""
    return (
        *("--served-model-name", order.served_name),
        *("--dtype", DTYPE, "--max-model-len", str(_context(order)), "--max-num-seqs", str(AT_ONCE)),
        *("--kv-cache-memory-bytes", str(cache_bytes(order))),
        # The model's own sampling defaults would make two sides answer by different rules.
        *("--generation-config", "vllm"),
        # No compilation and no graph capture: they cost a minute at each start.
        "--enforce-eager",
        "--disable-log-stats",
        *("--uvicorn-log-level", "warning"),
        *(_adapter_arguments(order.rank) if order.rank else ()),
    )


def _adapter_arguments(rank: int) -> tuple[str, ...]:
    """One adapter at a time, exchanged while the server runs.

    The cache of prompts is off: it knows an adapter by its name and path only, so one loaded in the place of another
    could answer from what the other had computed.
    """
    return ("--enable-lora", "--max-lora-rank", str(rank), "--max-loras", "1", "--no-enable-prefix-caching")


def gpu_arguments(order: Order) -> tuple[str, ...]:
    """How much of the GPU's memory vLLM may count on."""
    return ("--gpu-memory-utilization", f"{gpu_share(order.sizes.weight_bytes + cache_bytes(order)):.3f}")


def cache_bytes(order: Order) -> int:
    """Bytes of the cache of keys and values."""
    return max(CACHED_TOKENS, _context(order)) * order.sizes.cache_bytes_per_token


def _context(order: Order) -> int:
    return min(CONTEXT, order.sizes.context or CONTEXT)


def _shared_cores() -> dict[str, str]:
    """Half of the cores for each of two servers.

    vLLM's own binding gives every server the same cores: both of two would compute on core 0 of two. More threads than
    free cores are fatal, since OpenMP's threads wait for each other by spinning: on two busy cores a second thread made
    29 tokens/s into 5 (and 18, where they wait passively).
    """
    threads = max(1, len(os.sched_getaffinity(0)) // 2)
    return {"OMP_NUM_THREADS": str(threads), "OMP_WAIT_POLICY": "PASSIVE"}


def _transformers(environment: ServingEnvironment, order: Order, shared: dict[str, str]) -> Invocation:
    """`transformers serve`, which knows no keys and calls its model by the directory."""
    command = (
        *(str(environment.python.with_name("transformers")), "serve", str(order.model)),
        *("--host", "127.0.0.1", "--port", str(order.port)),
        *("--dtype", DTYPE, "--device", environment.device),
    )
    return Invocation(command, shared, str(order.model))
