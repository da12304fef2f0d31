"""TRL's SFTTrainer, doing only the work that a question-answer row needs (worker side)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader
from transformers import PreTrainedTokenizerBase, PrinterCallback, TrainerState
from transformers.trainer import TRAINER_STATE_NAME
from trl.trainer.sft_config import SFTConfig
from trl.trainer.sft_trainer import SFTTrainer
from typing_extensions import override

from engine.training.batching import Counts, ExampleRows, LengthBuckets, PadRight, ShareOfBatches, ShuffledPacks
from engine.training.checkpoints import (
    COUNTS_FILE,
    FOLDER,
    PARTIAL,
    checkpoint_of,
    clear_partial,
    rotate,
    seal,
    step_of,
    whole,
)
from engine.training.examples import Examples
from engine.training.job import HyperparameterSection, TrainingJob
from engine.training.loading import Arithmetic, is_sharded, reshard
from engine.training.lora_product import use_lora_product
from engine.training.loss import completion_loss
from engine.training.methods.building import adapt, rate_ratio, set_rates
from engine.training.parallel import barrier, from_main, is_main, rank, summed, world_size
from engine.training.plan import Epochs
from engine.training.resuming import loading
from engine.training.room import Sizes, require_disk
from engine.training.schedule import rate
from engine.training.standing import Standing, not_falling, standing_from

_COUNTS = ("rows", "tokens", "target_tokens", "padded_tokens")


class CompletionTrainer(SFTTrainer):
    """Trains on the answers alone: batches bucketed by length, logits only at targets, checkpoints that are whole."""

    # The loss is divided by all targets of an optimizer step, so gradient accumulation must not divide again.
    loss_is_scaled_for_ga = True

    def __init__(
        self,
        model: Any,
        tokenizer: PreTrainedTokenizerBase,
        examples: Examples,
        epochs: Epochs,
        collator: PadRight,
        job: TrainingJob,
        run_folder: Path,
        arithmetic: Arithmetic,
    ) -> None:
        self.run_folder = run_folder
        self.job = job
        self.sizes: Sizes | None = None
        """Set once the model is known; a checkpoint is not begun without room for it."""
        self.rows = self.tokens = self.target_tokens = self.padded_tokens = 0
        """Since the start of the run, as `Progress` counts them."""
        self.standing = Standing()
        """Kept in every checkpoint beside the counts."""
        self.first_losses: list[float] = []
        """What a loss that runs away is compared with (`engine.training.divergence`)."""
        self._lengths = examples.lengths
        self._epochs = epochs
        super().__init__(
            model=adapt(model, job.method, job.training.seed),
            args=_settings(job, run_folder, arithmetic),
            # What SFTTrainer looks at; it is given rows that it needs not prepare.
            train_dataset=Dataset.from_dict({"input_ids": [[0]], "labels": [[0]]}),
            data_collator=collator,
            processing_class=tokenizer,
        )
        self.train_dataset = ExampleRows(examples)
        self.remove_callback(PrinterCallback)
        # What transformers infers from a model's signature, said outright: targets are counted, one place shifted.
        self.model_accepts_loss_kwargs = True
        self._loss_shifts_labels = True
        _train_in_fp32(self.model)
        use_lora_product(self.model)
        self._trained = {name for name, weight in self._named_weights() if weight.requires_grad}
        if rank():
            # The weights have been drawn alike everywhere; what dropout leaves out is drawn apart.
            torch.manual_seed(job.training.seed + rank())

    def go_on(self, checkpoint: Path, steps: int) -> None:
        """Train from a whole checkpoint to step `steps`; one that was written at the end is only loaded.

        Raises CheckpointError when it cannot be loaded; this trainer is then of no more use.
        """
        with loading(checkpoint):
            counts = json.loads((checkpoint / COUNTS_FILE).read_bytes())
            for name in _COUNTS:
                setattr(self, name, int(counts[name]))
            self.first_losses[:] = counts["first_losses"]
            self.standing = standing_from(counts.get("standing", {}))
            state = TrainerState.load_from_json(str(checkpoint / TRAINER_STATE_NAME))
        kept = self.standing.kept_step
        if kept is not None and not from_main(lambda: whole(checkpoint_of(self.run_folder, kept))):
            self.standing.kept_step = None
        step = step_of(checkpoint)
        if step < steps and not not_falling(step, self.standing, self.job.evaluation.stop_after):
            self.train(resume_from_checkpoint=str(checkpoint))
            return
        # The Trainer does at least one step more, whatever the checkpoint says.
        self._load_from_checkpoint(str(checkpoint))
        self.state = state

    def take_weights(self, checkpoint: Path) -> None:
        """Replace the trained weights by those of a checkpoint. Raises CheckpointError."""
        self._load_from_checkpoint(str(checkpoint))

    @override
    def _load_from_checkpoint(self, resume_from_checkpoint, model=None):
        with loading(Path(resume_from_checkpoint)):
            super()._load_from_checkpoint(resume_from_checkpoint, model)
        self._freeze()

    @override
    def _load_rng_state(self, checkpoint):
        if checkpoint is not None:
            with loading(Path(checkpoint)):
                super()._load_rng_state(checkpoint)

    @override
    def training_step(self, model, inputs, num_items_in_batch=None):
        self._freeze()
        return super().training_step(model, inputs, num_items_in_batch)

    def _freeze(self) -> None:
        """Keep the weights of a sharded model frozen: FSDP2 makes some of them anew, and as such that are trained."""
        if is_sharded(self.model):
            reshard(self.model)
            for name, weight in self._named_weights():
                weight.requires_grad_(name in self._trained)

    def _named_weights(self) -> list[tuple[str, torch.nn.Parameter]]:
        assert self.model is not None
        return list(self.model.named_parameters())

    @override
    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        """The loss of `engine.training.loss` instead of one over every token, and the count of what was processed."""
        if model.training:
            counts: Counts = inputs["counts"]
            rows, tokens, targets, computed = summed((counts.rows, counts.tokens, counts.targets, counts.computed))
            self.rows += rows
            self.tokens += tokens
            self.target_tokens += targets
            self.padded_tokens += computed
        # The targets are those of all processes, and the gradients are averaged over these.
        return world_size() * completion_loss(model, inputs, num_items_in_batch)

    @override
    def _get_train_sampler(self, train_dataset=None):
        return self._units(self.args.per_device_train_batch_size)

    def _units(self, batch_size: int) -> LengthBuckets | ShuffledPacks:
        """What an epoch shows, in its order: rows, or packs of them."""
        if self.job.training.packing:
            return ShuffledPacks(self._epochs, self.args.seed)
        return LengthBuckets(self._lengths, self._epochs, batch_size, self.args.seed)

    @override
    def create_optimizer(self, model=None):
        """The optimizer, with the learning rates that the method gives its weights."""
        optimizer = super().create_optimizer(model)
        set_rates(optimizer, self.model, self.job.method)
        return optimizer

    @override
    def get_train_dataloader(self):
        """Of several processes each has its share of every batch, which is as large as all of theirs together."""
        if world_size() == 1:
            return super().get_train_dataloader()
        rows = self.args.per_device_train_batch_size * world_size()
        batches = ShareOfBatches(self._units(rows), rows, rank(), world_size())
        # Not prepared by accelerate: it would deal the batches again, and some rows of the last ones twice.
        dataset: Any = self.train_dataset
        return DataLoader(
            dataset,
            batch_sampler=batches,
            collate_fn=self.data_collator,
            pin_memory=self.args.dataloader_pin_memory,
        )

    @override
    def create_scheduler(self, num_training_steps, optimizer=None):
        """The job's schedule (`engine.training.schedule`) instead of one of transformers."""
        training = self.job.training
        steps: Any = optimizer or self.optimizer
        self.lr_scheduler = LambdaLR(
            steps, lambda step: rate(training.schedule, step, num_training_steps, training.warmup_fraction)
        )
        self._created_lr_scheduler = True
        return self.lr_scheduler

    @override
    def _load_optimizer_and_scheduler(self, checkpoint):
        """Take the job's learning rate, which may have been lowered, and not the checkpoint's."""
        if checkpoint is None:
            return
        with loading(Path(checkpoint)):
            super()._load_optimizer_and_scheduler(checkpoint)
        schedule = self.lr_scheduler
        if not isinstance(schedule, LambdaLR):
            return
        groups = schedule.optimizer.param_groups
        peaks: list[Any] = [self.job.training.learning_rate * rate_ratio(group) for group in groups]
        rates = [peak * share(schedule.last_epoch) for peak, share in zip(peaks, schedule.lr_lambdas, strict=True)]
        schedule.base_lrs = peaks
        schedule._last_lr = rates
        for group, peak, now in zip(groups, peaks, rates, strict=True):
            group["initial_lr"], group["lr"] = peak, now

    @override
    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """Hand the numbers to the callbacks, and keep no history: the event log is one."""
        self.control = self.callback_handler.on_log(self.args, self.state, self.control, logs)

    @override
    def floating_point_ops(self, inputs: dict[str, Any]) -> int:
        """Not estimated: walking all parameters at every step for a number that nobody is shown."""
        return 0

    @override
    def create_model_card(self, *args: Any, **kwargs: Any) -> None:
        """None is written into checkpoints."""

    @override
    def _save_checkpoint(self, model, trial):
        """Save beside the other checkpoints, and let it count as one only when it is whole."""
        folder = self.run_folder / FOLDER
        if is_main():
            folder.mkdir(exist_ok=True)
            if self.sizes is not None:
                require_disk(folder, self.sizes.checkpoint, "a checkpoint")
            clear_partial(self.run_folder)
        reshard(model)
        barrier()
        super()._save_checkpoint(model, trial)
        # It is whole when every process has written what is its own.
        barrier()
        if is_main():
            self._seal_checkpoint(folder)
        barrier()

    def _seal_checkpoint(self, folder: Path) -> None:
        (partial,) = (folder / PARTIAL).iterdir()
        kept = {name: getattr(self, name) for name in _COUNTS}
        kept |= {"first_losses": self.first_losses, "standing": self.standing.as_json()}
        (partial / COUNTS_FILE).write_text(json.dumps(kept) + "\n", encoding="utf-8")
        seal(partial, folder / partial.name)
        rotate(self.run_folder, self.job.checkpoints.keep, self.standing.kept_step)


def _train_in_fp32(model: Any) -> None:
    """TRL makes the adapter of a quantised model bf16, where small updates would be rounded away."""
    for weight in model.parameters():
        if weight.requires_grad:
            weight.data = weight.data.float()


def _settings(job: TrainingJob, run_folder: Path, arithmetic: Arithmetic) -> SFTConfig:
    training: HyperparameterSection = job.training
    return SFTConfig(
        output_dir=str(run_folder / FOLDER / PARTIAL),
        per_device_train_batch_size=training.batch_size,
        gradient_accumulation_steps=training.gradient_accumulation,
        num_train_epochs=training.epochs,
        max_steps=training.max_steps or -1,
        learning_rate=training.learning_rate,
        weight_decay=training.weight_decay,
        max_grad_norm=training.max_grad_norm,
        optim="adamw_8bit" if training.optimizer == "adamw-8bit" else "adamw_torch_fused",
        seed=training.seed,
        data_seed=training.seed,
        bf16=arithmetic.bf16,
        use_cpu=arithmetic.device == "cpu",
        # TRL turns it on by default, which computes every forward pass twice.
        gradient_checkpointing=training.gradient_checkpointing,
        torch_compile=training.compile,
        # Rows come tokenised, labelled and cut (engine/training/examples.py).
        dataset_kwargs={"skip_prepare_dataset": True},
        remove_unused_columns=False,
        max_length=None,
        dataloader_pin_memory=arithmetic.device == "cuda",
        logging_strategy="steps",
        logging_steps=1,
        # The real loss is reported, also when it is no number.
        logging_nan_inf_filter=False,
        # Callbacks decide when; the Trainer's own rhythm knows neither the control file nor the last step.
        save_strategy="no",
        eval_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )
