"""Loading the model that is trained (worker side)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch.distributed.fsdp import FSDPModule
from transformers import AutoModelForCausalLM, BitsAndBytesConfig
from transformers.distributed.configuration_utils import DistributedConfig

from data.errors import BurnishError
from engine.hardware.cpu import cpu_has_bf16
from engine.training.job import MethodSection
from engine.training.methods.registry import method_of
from engine.training.parallel import local_rank, world_size
from engine.training.plain_attention import LONGEST_PLAIN


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Where and in which numbers a run computes."""

    device: Literal["cuda", "cpu"]
    bf16: bool
    """Whether the forward and backward pass run in bf16 (autocast); trained weights stay fp32."""


def choose_arithmetic(precision: str) -> Arithmetic:
    """The device, and bf16 where it was asked for or the processor has instructions for it."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return Arithmetic(device, precision == "bf16" or (precision == "auto" and (device == "cuda" or cpu_has_bf16())))


def load_model(directory: Path, method: MethodSection, arithmetic: Arithmetic, *, sharded: bool = False) -> Any:
    """The model of a directory, on its device. Raises BurnishError when it cannot be loaded.

    Weights that are trained are fp32, so that small updates are not rounded away; those that stay as they are (under
    an adapter) are bf16 where the arithmetic is, or 4 bits where the method says so. Of a sharded model each process
    reads its share alone; layer by layer they are put together when they are computed (FSDP2).
    """
    base = method_of(method).base
    # On a GPU the weights go straight to it: a copy in host memory would double them where memory is unified.
    on_gpu = arithmetic.device == "cuda"
    device_map = {"": local_rank()} if on_gpu else {"": "cpu"} if base == "quantised" else None
    number = torch.bfloat16 if base != "trained" and arithmetic.bf16 else torch.float32
    try:
        model = AutoModelForCausalLM.from_pretrained(
            directory,
            dtype=number,
            quantization_config=_four_bits(number) if base == "quantised" else None,
            # A sharded model finds its device itself.
            device_map=None if sharded else device_map,
            distributed_config=DistributedConfig(fsdp_size=world_size()) if sharded else None,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
        )
    except (OSError, ValueError, KeyError, ImportError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise BurnishError(f"The model in {directory} cannot be loaded: {first}", title="No model") from error
    if base == "quantised":
        _keep_packing(model)
    if sharded:
        # PEFT takes any size for tensor parallelism, and would put the whole model together to save an adapter.
        model._tp_size = None
    # Only generation uses the cache, and it asks for it.
    model.config.use_cache = False
    return model


def is_sharded(model: Any) -> bool:
    """Whether the model is shared out among the processes of the run."""
    return getattr(model, "is_distributed_loading_by_transformers", False)


def reshard(model: Any) -> None:
    """Put away what was put together of a model that is shared out, in every process.

    An evaluation leaves some weights together; one process that saves puts them away, and would then wait for the
    others to put them together again, which have them.
    """
    for module in model.modules():
        if isinstance(module, FSDPModule):
            module.reshard()


def load_base(directory: Path, method: MethodSection, arithmetic: Arithmetic) -> Any:
    """The model before a run, to be measured or to take an adapter: frozen, and quantised where the run's was.

    Raises BurnishError.
    """
    return load_model(directory, method if method_of(method).base == "quantised" else MethodSection(), arithmetic)


def _four_bits(number: torch.dtype) -> BitsAndBytesConfig:
    """As in Dettmers et al., "QLoRA", 2023: NF4, its scales quantised once more. Computes in `number`.

    Linear layers of the decoder only; embeddings, norms and the output keep their type.
    """
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=number,
    )


def _keep_packing(model: Any) -> None:
    """Keep bitsandbytes from repacking its weights with coarser scales when they are first evaluated on a CPU.

    They would stay like that, so that an evaluation would change the training after it.
    """
    from bitsandbytes.nn.modules import Linear4bit

    for module in model.modules():
        if isinstance(module, Linear4bit):
            module.support_avx512bf16_for_cpu = False


def choose_attention(model: Any, longest: int, arithmetic: Arithmetic) -> None:
    """Use the attention that is quickest for rows of up to `longest` tokens; by default a model has torch's fused one.

    On a CPU those are plain matrix products for short rows (`engine.training.plain_attention`).
    """
    if arithmetic.device == "cpu" and longest <= LONGEST_PLAIN:
        model.set_attn_implementation("eager")
