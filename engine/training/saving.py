"""What a run leaves to be served: the adapter, and the whole tuned model (worker side)."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel

from data.atomic import sync_folder
from data.templates import TEMPLATE_FILE, TOKENIZER_FILES, Template
from engine.training.room import Sizes, require_disk

ADAPTER = "adapter"
MODEL = "model"
_COPIED = ("generation_config.json", "tokenizer.model", "vocab.json", "merges.txt", "added_tokens.json")


def save_tuned(model: Any, base: Path, template: Template, run_folder: Path, sizes: Sizes) -> Path:
    """Write `adapter/` (for an adapter) and `model/` (the whole model in bf16); gives the latter.

    An adapter is merged into the weights for that, which ends the model's life as a trainable one. Each folder appears
    when it is complete. Raises BurnishError when the disk has no room, OSError when it cannot be written.
    """
    if isinstance(model, PeftModel):
        require_disk(run_folder, sizes.trained, "the adapter")
        _write(run_folder / ADAPTER, model, base, template)
        # The sum is computed in the adapter's fp32 and rounded once, to the weights' own type.
        model = model.merge_and_unload()
    require_disk(run_folder, sizes.model, "the tuned model")
    model.config.use_cache = True
    _write(run_folder / MODEL, model.to(torch.bfloat16), base, template)
    return run_folder / MODEL


def _write(folder: Path, model: Any, base: Path, template: Template) -> None:
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    model.save_pretrained(partial)
    # The base model's own files, unchanged: written anew by this version of transformers they would name a tokenizer
    # class that servers on older ones do not know. The vocabulary is the same.
    for name in (*TOKENIZER_FILES, *_COPIED):
        if (base / name).is_file():
            shutil.copy2(base / name, partial / name)
    # A server renders with exactly what training rendered with.
    (partial / TEMPLATE_FILE).write_text(template.source, encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    sync_folder(folder.parent)
