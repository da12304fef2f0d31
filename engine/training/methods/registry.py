"""Every training method, one entry each. Read by the form, the checks before a start, and the worker."""

from __future__ import annotations

from data.errors import InputError
from engine.models.weights import Weights
from engine.training.job import MethodKind, MethodSection, TrainingJob
from engine.training.methods import fitting
from engine.training.methods.method import Method, Setting

_LOW_RANK: tuple[Setting, ...] = ("rank", "alpha", "dropout", "target_modules")

_ENTRIES = (
    Method(
        "lora",
        "Trains a small adapter beside the model: fast, little memory, little forgotten. The one to begin with.",
        _LOW_RANK,
        learning_rate=1e-3,
        learning_rates=(1e-4, 1e-3),
        builder="low_rank:LORA",
        trained=fitting.low_rank,
        checks=(fitting.require_targets, fitting.require_rank),
        sharded=True,
        vllm_adapter=True,
    ),
    Method(
        "qlora",
        "LoRA on a model held in 4 bits: for one that does not fit into the memory otherwise; slower, rougher.",
        _LOW_RANK,
        learning_rate=1e-3,
        learning_rates=(1e-4, 1e-3),
        builder="low_rank:LORA",
        trained=fitting.low_rank,
        checks=(fitting.require_targets, fitting.require_rank),
        base="quantised",
        keeps_inputs=True,
        vllm_adapter=True,
    ),
    Method(
        "dora",
        "LoRA that learns direction and length of the weights apart: closer to full training at low ranks, slower.",
        _LOW_RANK,
        learning_rate=1e-3,
        learning_rates=(1e-4, 1e-3),
        builder="low_rank:DORA",
        trained=fitting.low_rank_and_lengths,
        checks=(fitting.require_targets, fitting.require_rank),
        keeps_inputs=True,
    ),
    Method(
        "rslora",
        "LoRA scaled by alpha / √rank: keeps learning at ranks of 64 and more, where LoRA slows down.",
        _LOW_RANK,
        learning_rate=2e-4,
        learning_rates=(2e-5, 5e-4),
        builder="low_rank:RANK_STABILISED",
        trained=fitting.low_rank,
        checks=(fitting.require_targets, fitting.require_rank),
        sharded=True,
        vllm_adapter=True,
    ),
    Method(
        "pissa",
        "LoRA that starts from the strongest directions of the weights: learns quicker, starts slower (an SVD).",
        _LOW_RANK,
        learning_rate=2e-4,
        learning_rates=(2e-5, 5e-4),
        builder="principal:PISSA",
        trained=fitting.low_rank,
        checks=(fitting.require_targets, fitting.require_rank),
        vllm_adapter=True,
    ),
    Method(
        "lora-plus",
        "LoRA whose second matrix learns several times faster than its first: fewer steps to the same loss.",
        (*_LOW_RANK, "learning_rate_ratio"),
        learning_rate=2e-4,
        learning_rates=(2e-5, 5e-4),
        builder="low_rank:TWO_RATES",
        trained=fitting.low_rank,
        checks=(fitting.require_targets, fitting.require_rank),
        sharded=True,
        vllm_adapter=True,
    ),
    Method(
        "oft",
        "Rotates the inputs of each layer instead of adding to its weights: keeps more of what the model knew, slower.",
        ("block_size", "target_modules"),
        learning_rate=1e-3,
        learning_rates=(1e-4, 4e-3),
        builder="rotation:OFT",
        trained=fitting.rotations,
        checks=(fitting.require_targets, fitting.require_blocks),
        keeps_inputs=True,
    ),
    Method(
        "ia3",
        "Learns one factor for each key, value and feed-forward channel: a tiny adapter, for style and small changes.",
        ("target_modules",),
        learning_rate=1e-2,
        learning_rates=(1e-3, 3e-2),
        builder="scaling:IA3",
        trained=fitting.scales,
        checks=(fitting.require_targets,),
        keeps_inputs=True,
    ),
    Method(
        "prompt-tuning",
        "Learns a few vectors before every prompt; the model stays as it is. For style; it cannot be merged or served.",
        ("virtual_tokens",),
        learning_rate=3e-2,
        learning_rates=(1e-3, 3e-1),
        builder="virtual_tokens:PROMPT",
        trained=fitting.prompt_vectors,
        merged=False,
        packed=False,
    ),
    Method(
        "prefix-tuning",
        "Learns keys and values before every prompt, in each layer: stronger than prompt-tuning; cannot be served.",
        ("virtual_tokens",),
        learning_rate=1e-2,
        learning_rates=(1e-3, 1e-1),
        builder="virtual_tokens:PREFIX",
        trained=fitting.prefix_vectors,
        merged=False,
        packed=False,
        recomputed=False,
    ),
    Method(
        "freeze",
        "Trains every weight of the last layers only: between an adapter and full training in memory and effect.",
        ("layers",),
        learning_rate=1e-4,
        learning_rates=(1e-5, 1e-4),
        builder="own_weights:LAST_LAYERS",
        trained=fitting.last_layers,
        checks=(fitting.require_layers,),
        adapter=False,
    ),
    Method(
        "full",
        "Trains every weight: learns the most, takes the most memory, and forgets the most.",
        (),
        learning_rate=1e-4,
        learning_rates=(1e-5, 1e-4),
        builder="own_weights:EVERY_WEIGHT",
        trained=fitting.every_weight,
        base="trained",
        adapter=False,
    ),
)

METHODS: dict[MethodKind, Method] = {entry.kind: entry for entry in _ENTRIES}
"""In the order in which a form offers them."""


def method_of(section: MethodSection) -> Method:
    """The method that a job chose."""
    return METHODS[section.kind]


def require_method(job: TrainingJob, weights: Weights) -> None:
    """Raise InputError when the job's method does not fit the model, with one sentence that names what would."""
    for check in method_of(job.method).checks:
        check(job.method, weights)


def require_goes_together(job: TrainingJob) -> None:
    """Raise InputError for settings elsewhere in the job that the method does not go with."""
    if job.training.packing and not method_of(job.method).packed:
        raise InputError(
            f"training.packing does not go with {job.method.kind}, whose vectors stand before each row; turn it off."
        )
    if job.parallel.sharding != "none" and not method_of(job.method).sharded:
        able = ", ".join(entry.kind for entry in METHODS.values() if entry.sharded)
        raise InputError(
            f"parallel.sharding does not go with {job.method.kind}; choose one of {able}, or set parallel.sharding to "
            "none."
        )
    if job.training.gradient_checkpointing and not method_of(job.method).recomputed:
        raise InputError(
            f"training.gradient_checkpointing does not go with {job.method.kind}, whose keys and values it would throw "
            "away; turn it off."
        )
