"""One run of another trainer for `tests.bench.train`, in a process (and perhaps an environment) of its own.

`python train_peer.py trl|llamafactory SETTINGS.json`: trains as the settings say, everything else as that trainer has
it by default, and writes `result.json` and the adapter into the settings' `output`. Imports nothing of burnish.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any


def _clock() -> tuple[Any, dict[str, float]]:
    """A callback that notes when the first step begins and when each ends."""
    from transformers import TrainerCallback

    times: dict[str, float] = {}

    class Clock(TrainerCallback):
        def on_step_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            times.setdefault("began", time.time())

        def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            times["ended"] = time.time()
            times["steps"] = state.global_step

    return Clock(), times


def trl(settings: dict[str, Any]) -> dict[str, float]:
    """TRL's SFTTrainer as its documentation begins: a model's path, prompt and completion as messages, a LoraConfig."""
    import torch
    from datasets import load_dataset
    from peft import LoraConfig
    from trl.trainer.sft_config import SFTConfig
    from trl.trainer.sft_trainer import SFTTrainer

    clock, times = _clock()
    trainer = SFTTrainer(
        model=settings["model"],
        args=SFTConfig(
            output_dir=settings["output"],
            per_device_train_batch_size=settings["batch_size"],
            num_train_epochs=settings["epochs"],
            learning_rate=settings["learning_rate"],
            lr_scheduler_type="cosine",
            warmup_steps=settings["warmup_fraction"],
            seed=settings["seed"],
            max_length=settings["max_length"],
            save_strategy="no",
            report_to="none",
            use_cpu=not torch.cuda.is_available(),
        ),
        train_dataset=load_dataset("json", data_files=settings["rows"], split="train"),
        peft_config=LoraConfig(
            r=settings["rank"], lora_alpha=settings["alpha"], target_modules="all-linear", task_type="CAUSAL_LM"
        ),
        callbacks=[clock],
    )
    trainer.train()
    tuned: Any = trainer.model
    tuned.save_pretrained(str(Path(settings["output"]) / "adapter"))
    return times


def llamafactory(settings: dict[str, Any]) -> dict[str, float]:
    """LLaMA-Factory as its example for LoRA has it."""
    run_exp = importlib.import_module("llamafactory.train.tuner").run_exp
    clock, times = _clock()
    folder = Path(settings["rows"]).parent
    described = {
        "bench": {
            "file_name": Path(settings["rows"]).name,
            "formatting": "sharegpt",
            "columns": {"messages": "messages"},
            "tags": {
                "role_tag": "role",
                "content_tag": "content",
                "user_tag": "user",
                "assistant_tag": "assistant",
                "system_tag": "system",
            },
        }
    }
    (folder / "dataset_info.json").write_text(json.dumps(described))
    run_exp(
        {
            "model_name_or_path": settings["model"],
            "stage": "sft",
            "do_train": True,
            "finetuning_type": "lora",
            "lora_rank": settings["rank"],
            "lora_alpha": settings["alpha"],
            "lora_target": "all",
            "dataset_dir": str(folder),
            "dataset": "bench",
            "template": settings["template"],
            "cutoff_len": settings["max_length"],
            "output_dir": str(Path(settings["output"]) / "adapter"),
            "per_device_train_batch_size": settings["batch_size"],
            "gradient_accumulation_steps": 1,
            "learning_rate": settings["learning_rate"],
            "num_train_epochs": settings["epochs"],
            "lr_scheduler_type": "cosine",
            "warmup_ratio": settings["warmup_fraction"],
            "bf16": True,
            "use_cpu": not importlib.import_module("torch").cuda.is_available(),
            "seed": settings["seed"],
            "logging_steps": 10,
            "save_strategy": "no",
            "report_to": "none",
            "overwrite_output_dir": True,
        },
        callbacks=[clock],
    )
    return times


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[2]).read_text())
    found = {"trl": trl, "llamafactory": llamafactory}[sys.argv[1]](given)
    (Path(given["output"]) / "result.json").write_text(json.dumps(found))
