"""A GGUF file becomes an ordinary checkpoint (worker side: needs torch, transformers and gguf)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig
from transformers.utils import logging


def convert_gguf(gguf: Path, target: Path, *, context: int) -> None:
    """Write bf16 safetensors, config, tokenizer and chat template of a GGUF model into `target`.

    The weights are dequantised to fp32 first. About 1 GB of memory and 20 s of a processor for 135M parameters.
    """
    logging.disable_progress_bar()
    quantised = GgufConfig(dequantize=True)
    model: Any = AutoModelForCausalLM.from_pretrained(
        gguf.parent, gguf_file=gguf.name, dtype=torch.float32, quantization_config=quantised
    )
    # A config that still speaks of GGUF would be refused when the checkpoint is loaded.
    vars(model.config).pop("quantization_config", None)
    model.to(torch.bfloat16).save_pretrained(target)
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    tokenizer.save_pretrained(target)
    _tidy_tokenizer_config(target / "tokenizer_config.json", context)


def _tidy_tokenizer_config(path: Path, context: int) -> None:
    """Leave only what any loader understands.

    transformers 5 writes the class `TokenizersBackend`, which servers built on transformers 4 do not know; the older
    name means the same and is known to both.
    """
    values = json.loads(path.read_bytes())
    for name in ("backend", "is_local", "local_files_only"):
        values.pop(name, None)
    values |= {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": context}
    path.write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
