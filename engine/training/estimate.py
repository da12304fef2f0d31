"""What memory a run will take, before it is started and without loading torch.

An estimate that is meant to be too high rather than too low: on a machine whose processors share one memory, too little
freezes it. The parts follow what the worker does (`engine.training.loading`, `loss`, `saving`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from data.wording import byte_size
from engine.models.shape import ModelShape
from engine.training.job import TrainingJob
from engine.training.methods.registry import method_of
from engine.training.plain_attention import LONGEST_PLAIN

GIB = 1 << 30

_PROCESS = 900 << 20
"""A process that has loaded torch, transformers and TRL, before any model (measured on a CPU: 0.7 GiB)."""
_GPU = 2 * GIB
"""The CUDA context, cuBLAS workspaces and compiled kernels."""
_MEETING = 1 * GIB
"""Buffers of the processes that exchange gradients."""
_FILE = 5 * GIB
"""Files of weights are at most so large, as transformers and the hub cut them."""
_NF4 = 0.5 + 1 / 64 + 4 / (64 * 256)
"""Bytes a weight: 4 bits, and for 64 of them a scale of 8 bits, of which 256 share one of 32."""
_MOMENTS = {"adamw": 8.0, "adamw-8bit": 2.1}
"""Bytes a trained weight of the optimizer's two moments."""
_SLACK = {False: 1.05, True: 1.15}
"""Of what is allocated in each step anew, on a CPU and on a GPU, for what the allocator cannot use again."""


@dataclass(frozen=True, slots=True)
class MemoryPart:
    """One of the things that take memory at the same time."""

    name: str
    size: int
    """Bytes on each machine."""
    remedy: str = ""
    """What makes it smaller; empty where nothing does."""


@dataclass(frozen=True, slots=True)
class MemoryEstimate:
    """What a run takes on each machine, in bytes."""

    parts: tuple[MemoryPart, ...]
    """What is there at the same time in a training step."""
    load: int
    """The most while the model is loaded."""
    save: int
    """The most while a checkpoint or the tuned model is written."""
    machines: int = 1

    @property
    def step(self) -> int:
        """The most in a training step."""
        return sum(part.size for part in self.parts)

    @property
    def total(self) -> int:
        """The most at any time."""
        return max(self.step, self.load, self.save)

    @property
    def largest(self) -> list[MemoryPart]:
        """The parts, the largest first."""
        return sorted(self.parts, key=lambda part: -part.size)

    def lines(self) -> list[str]:
        """The parts and peaks, one a line, for a person to read."""
        rows = [(part.name, part.size) for part in self.parts]
        rows += [("in a step", self.step), ("while loading", self.load), ("while saving", self.save)]
        where = f"on each of {self.machines} machines" if self.machines > 1 else "at most"
        return [*(f"{name:<28}{byte_size(size):>10}" for name, size in rows), f"{where:<28}{byte_size(self.total):>10}"]


def estimate_memory(
    job: TrainingJob, shape: ModelShape, *, gpu: bool, bf16: bool, longest: int | None = None
) -> MemoryEstimate:
    """What a job takes on a model of this shape.

    `longest` is the longest row in tokens, where it is known; else every row is taken to be as long as it may be.
    `bf16` says whether the processor computes in it, unless the job decides that itself.
    """
    training, method = job.training, method_of(job.method)
    bf16 = training.precision == "bf16" or (training.precision == "auto" and bf16)
    number = 2 if bf16 else 4
    parallel = job.parallel
    shards = parallel.world_size if parallel.sharding == "fsdp" else 1
    trained = method.trained(job.method, shape.weights)
    own = 0 if method.adapter else trained

    match method.base:
        case "trained":
            base = 4.0 * shape.parameters
        case "frozen":
            base = number * (shape.parameters - own) + 4.0 * own
        case "quantised":
            base = _NF4 * shape.linear + number * (shape.parameters - shape.linear)
    if shards > 1:
        # Besides its share a process holds the layer that it computes, and the next one.
        base = base / shards + 2 * base / max(1, shape.weights.layers)
    adapter = 4.0 * trained if method.adapter else 0.0
    # Weights that learn are fp32; autocast computes with copies of them until the backward pass is over.
    copies = 2.0 * (own or trained) if bf16 else 0.0

    rows = math.ceil(training.batch_size / parallel.world_size)
    tokens = min(training.max_length, longest or training.max_length) + _virtual(job)
    activations = _SLACK[gpu] * _activations(job, shape, rows, tokens, number, gpu=gpu)
    logits = _SLACK[gpu] * _logits(shape, rows * tokens, number)

    overhead = _PROCESS + (_GPU if gpu else 0) + (_MEETING if parallel.world_size > 1 else 0)
    each = parallel.processes
    smaller = {"trained": "an adapter (method lora)", "frozen": "the method qlora", "quantised": "a smaller model"}
    fewer = "a lower rank" if method.rank else "an adapter (method lora)"
    parts = (
        MemoryPart("model", _bytes(each * base), smaller[method.base]),
        MemoryPart("trained weights", _bytes(each * (adapter + copies) / shards), fewer),
        MemoryPart("gradients", _bytes(each * 4 * trained / shards), fewer),
        MemoryPart("optimizer", _bytes(each * _MOMENTS[training.optimizer] * trained / shards), fewer),
        MemoryPart("activations", _bytes(each * activations), _remedy(job)),
        MemoryPart("logits", _bytes(each * logits), "a lower training.batch_size with gradient_accumulation"),
        MemoryPart("libraries", _bytes(each * overhead)),
    )
    model, _, _, optimizer, *_ = (part.size for part in parts)
    largest = max(map(math.prod, shape.weights.shapes.values()), default=0)
    load = model + _bytes(each * (overhead + 2 * 4 * largest))
    # A file is put together in memory before it is written: a checkpoint, or the tuned model in bf16. An adapter of a
    # quantised or sharded model is merged into the files of its base, one after the other.
    tuned = 2 * shape.parameters if method.merged else 0
    by_file = method.adapter and (method.base == "quantised" or shards > 1)
    written = max(4 * trained, min(tuned, _FILE) if by_file else tuned)
    save = model + optimizer + _bytes(each * (overhead + adapter)) + _bytes(written)
    return MemoryEstimate(parts, load, save, parallel.machines)


def _activations(job: TrainingJob, shape: ModelShape, rows: int, tokens: int, number: int, *, gpu: bool) -> float:
    """What the forward pass keeps for the backward pass, in bytes."""
    hidden, layers = shape.weights.hidden, shape.weights.layers
    keys = shape.width("k_proj", hidden)
    queries = shape.width("q_proj", hidden)
    inner = shape.width("up_proj", 4 * hidden)
    # Of each token and layer: twice a norm (its input and its result in fp32, its output), queries, keys and values
    # before and after their rotation and once more for each head, the attention's output, the residual twice, and the
    # two branches, their product and its factor.
    layer = rows * tokens * (2 * (8 + number) * hidden + number * (6 * queries + 6 * keys + 4 * hidden + 4 * inner))
    if method_of(job.method).keeps_inputs or job.method.dropout:
        layer += rows * tokens * 4 * (5 * hidden + queries + inner)
    if not gpu and tokens <= LONGEST_PLAIN:
        # Plain attention keeps its scores, and their softmax in fp32, of every pair of tokens.
        layer += rows * shape.heads * tokens**2 * (2 * number + 8)
    # Nothing is kept of layers below the first that learns.
    kept = min(layers, job.method.layers) if "layers" in method_of(job.method).settings else layers
    if job.training.gradient_checkpointing:
        return rows * tokens * 4 * hidden * kept + layer
    return kept * layer


def _logits(shape: ModelShape, tokens: int, number: int) -> float:
    """Logits of every token, in fp32 for the loss, their softmax and both gradients, in bytes.

    They are computed at targets alone, but all of a row but its first token may be one.
    """
    return tokens * shape.vocabulary * (2.0 * number + 12)


def _virtual(job: TrainingJob) -> int:
    """Vectors before each row."""
    return job.method.virtual_tokens if "virtual_tokens" in method_of(job.method).settings else 0


def _remedy(job: TrainingJob) -> str:
    if not job.training.gradient_checkpointing:
        return "training.gradient_checkpointing = true, or a lower training.batch_size with gradient_accumulation"
    return "a lower training.batch_size with gradient_accumulation"


def _bytes(size: float) -> int:
    return math.ceil(size)
