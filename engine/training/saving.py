"""What a run leaves to be served: the adapter, and the whole tuned model (worker side)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel

from data.atomic import sync_folder
from data.templates import TEMPLATE_FILE, TOKENIZER_FILES, Template
from engine.training.job import MethodSection
from engine.training.loading import Arithmetic, is_sharded, reshard
from engine.training.merging import merge_files
from engine.training.methods.building import builder_of
from engine.training.methods.registry import method_of
from engine.training.parallel import is_main
from engine.training.room import Sizes, require_disk
from engine.training.runs import ADAPTER, MODEL

_COPIED = ("generation_config.json", "tokenizer.model", "vocab.json", "merges.txt", "added_tokens.json")


@dataclass(frozen=True, slots=True)
class Saved:
    """What a run has left."""

    folder: Path
    """`model/`; `adapter/` for a method whose adapter cannot become part of the model."""
    model: Any
    """The tuned model in memory, as near as there is to what was saved."""


def save_tuned(
    model: Any,
    base: Path,
    template: Template,
    method: MethodSection,
    arithmetic: Arithmetic,
    run_folder: Path,
    sizes: Sizes,
) -> Saved:
    """Write `adapter/` (for an adapter) and `model/` (the whole model in bf16), as far as the method leaves them.

    An adapter is merged into the weights for that, which ends the model's life as a trainable one; only that of a
    quantised or sharded model is merged into the files of the base. Each folder appears when it is complete. Raises
    BurnishError when the disk has no room, OSError when it cannot be written.
    """
    kind = method_of(method)
    reshard(model)
    if kind.adapter:
        require_disk(run_folder, sizes.trained, "the adapter")
        builder = builder_of(method)
        _write(run_folder / ADAPTER, lambda folder: builder.save_adapter(model, folder), base, template)
    if not kind.merged:
        return Saved(run_folder / ADAPTER, model)
    require_disk(run_folder, sizes.model, "the tuned model")
    final = run_folder / MODEL
    if kind.base == "quantised" or is_sharded(model):
        _write(final, lambda folder: merge_files(model, base, folder), base, template)
        return Saved(final, model)
    if isinstance(model, PeftModel):
        # The sum is computed in the adapter's fp32 and rounded once, to the weights' own type.
        model = model.merge_and_unload()
    model.config.use_cache = True
    model = model.to(torch.bfloat16)
    _write(final, model.save_pretrained, base, template)
    return Saved(final, model if arithmetic.bf16 else model.float())


def _write(folder: Path, save: Callable[[Path], object], base: Path, template: Template) -> None:
    if not is_main():
        return
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    save(partial)
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
