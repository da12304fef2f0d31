"""What is run to serve a model: the argument list and the environment, by engine and device."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from engine.serving.environment import ServingEnvironment
from engine.serving.sizes import ModelSizes, gpu_share

CONTEXT = 2048
"""Tokens of prompt and answer together, where the model can take as many."""
AT_ONCE = 16
"""Requests that are worked on at a time; more of them wait. Small, so that little memory is set aside."""
CACHED_TOKENS = 8 * CONTEXT
"""Tokens that the cache of keys and values holds: eight requests of full length, or many short ones."""
DTYPE = "bfloat16"
"""The same on both sides, however the weights were saved, so that answers differ by training only."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """A server to be started."""

    command: tuple[str, ...]
    environment: dict[str, str]
    served_name: str


def invocation(
    environment: ServingEnvironment, model: Path, sizes: ModelSizes, *, name: str, port: int, key: str, scratch: Path
) -> Invocation:
    """How to serve `model` on 127.0.0.1:`port`. The key goes into the environment, which only the owner can read."""
    shared = {
        "HF_HUB_OFFLINE": "1",
        "DO_NOT_TRACK": "1",
        "VLLM_NO_USAGE_STATS": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONPATH": "",
        "TMPDIR": str(scratch),
    }
    if environment.device == "cpu":
        shared |= _shared_cores()
    if environment.engine == "transformers":
        return _transformers(environment, model, shared, port)
    context = min(CONTEXT, sizes.context or CONTEXT)
    cache = max(CACHED_TOKENS, context) * sizes.cache_bytes_per_token
    arguments = [
        *("--model", str(model), "--served-model-name", name),
        *("--host", "127.0.0.1", "--port", str(port)),
        *("--dtype", DTYPE, "--max-model-len", str(context), "--max-num-seqs", str(AT_ONCE)),
        *("--kv-cache-memory-bytes", str(cache)),
        # The model's own sampling defaults would make two sides answer by different rules.
        *("--generation-config", "vllm"),
        # No compilation and no graph capture: they cost a minute at each start.
        "--enforce-eager",
        "--disable-log-stats",
        *("--uvicorn-log-level", "warning"),
    ]
    settings = {**shared, "VLLM_API_KEY": key, "VLLM_HOST_IP": "127.0.0.1"}
    if environment.device == "cuda":
        share = gpu_share(sizes.weight_bytes + cache)
        start = (str(environment.python), "-m", "vllm.entrypoints.openai.api_server")
        return Invocation((*start, *arguments, "--gpu-memory-utilization", f"{share:.3f}"), settings, name)
    # The worker runs inside the engine's process and binds no threads: see vllm_cpu.py.
    settings |= {"VLLM_CPU_OMP_THREADS_BIND": "nobind", "VLLM_ENABLE_V1_MULTIPROCESSING": "0"}
    start = (str(environment.python), str(Path(__file__).with_name("vllm_cpu.py")))
    return Invocation((*start, *arguments), settings, name)


def _shared_cores() -> dict[str, str]:
    """Half of the cores for each of two servers.

    vLLM's own binding gives every server the same cores: both of two would compute on core 0 of two. More threads than
    free cores are fatal, since OpenMP's threads wait for each other by spinning: on two busy cores a second thread made
    29 tokens/s into 5 (and 18, where they wait passively).
    """
    threads = max(1, len(os.sched_getaffinity(0)) // 2)
    return {"OMP_NUM_THREADS": str(threads), "OMP_WAIT_POLICY": "PASSIVE"}


def _transformers(environment: ServingEnvironment, model: Path, shared: dict[str, str], port: int) -> Invocation:
    """`transformers serve`, which knows no keys and calls its model by the directory."""
    command = (
        *(str(environment.python.with_name("transformers")), "serve", str(model)),
        *("--host", "127.0.0.1", "--port", str(port)),
        *("--dtype", DTYPE, "--device", environment.device),
    )
    return Invocation(command, shared, str(model))
