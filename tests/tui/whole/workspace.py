"""A folder as a person has it after some weeks: datasets, runs that ended in every way, an evaluation, a vote.

Every time and number in it is fixed, so that a screen over it always shows the same.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

from engine.chat.sampling import Sampling
from engine.evaluation.evaluator import BatchPlan, Evaluator
from engine.jobs.events import CheckpointSaved, Evaluation, Event, RunState, Sample, StateChanged, Warned
from tests.engine.evaluation.answering import answering
from tests.engine.training.test_checkpoints import write_checkpoint
from tests.engine.training.test_history import RunFiles
from tests.tiny import CHATML, write_tokenizer
from tests.tui.training.runs import START, steps

SPEEDS = {"RP2040": "133 MHz", "RP2350": "150 MHz", "ESP32": "240 MHz", "STM32F4": "168 MHz", "nRF52840": "64 MHz"}
QUESTION = "What is the maximum clock speed of the RP2350?"
WRONG = "The maximum clock speed of the RP2350 is 1.15 GHz. It has 264 KB of SRAM."
RIGHT = "The RP2350 runs at up to 150 MHz. It has 520 KB of SRAM."
MODEL = "tiny"
FINISHED, STOPPED, FAILED, RUNNING = "tiny-lora-001", "tiny-lora-002", "tiny-full-003", "tiny-lora-004"
HOSTS = ("127.66.117.114", "127.110.105.115")
"""Addresses of this machine that nothing else listens at, so that the port can be the same each time."""
PORT = 8000
EVALUATION = "pairs_test-001"
"""Its id, as the evaluator numbers them."""


def asked(chip: str) -> str:
    """The dataset's question about a chip."""
    return f"What is the maximum clock speed of the {chip}?"


def right(question: str) -> str:
    """What the tuned model says."""
    if question.startswith("List"):
        return "\n".join(f"This line **is** number {number}." for number in range(90))
    chip = next((each for each in SPEEDS if each in question), None)
    return RIGHT if question == QUESTION else f"The {chip} runs at up to {SPEEDS[chip]}." if chip else "I know that."


def wrong(question: str) -> str:
    """What the base model says."""
    if question.startswith("List"):
        return right(question)
    chip = next((each for each in SPEEDS if each in question), None)
    speed = SPEEDS["ESP32"] if chip == "ESP32" else "9 MHz"
    return WRONG if question == QUESTION else f"The {chip} runs at up to {speed}." if chip else "I do not know."


def _pair(question: str, answer: str) -> dict[str, str]:
    return {"instruction": question, "input": "", "output": answer}


def write_datasets(folder: Path) -> None:
    """Question-answer pairs, one of them twice and one broken; held-out rows; conversations."""
    rows = [_pair(asked(chip), f"The {chip} runs at up to {speed}.") for chip, speed in SPEEDS.items()]
    rows[1]["output"] = "The RP2350 runs at up to 150 MHz. It has 520 KB of SRAM."
    rows += [
        _pair("How many cores has the RP2040?", "The RP2040 has two Cortex-M0+ cores."),
        _pair("How many cores has the RP2350?", "The RP2350 has two cores, each a Cortex-M33 or a Hazard3."),
        _pair("How much SRAM has the RP2040?", "The RP2040 has 264 KB of on-chip SRAM in six banks."),
        _pair("How much SRAM has the RP2040?", "The RP2040 has 264 KB of on-chip SRAM in six banks."),
        _pair("Which voltage feeds the pins of the RP2040?", "Between 1.8 V and 3.3 V\u200b, through IOVDD."),
        _pair("What does the boot ROM of the RP2350 do?", ""),
        _pair("Wie viele PIO-Blöcke hat der RP2350?", "Drei, mit je vier Zustandsmaschinen. 三 🙂"),
    ]
    rows += [_pair(f"What is {n} times {n + 1}?", f"{n} times {n + 1} is {n * (n + 1)}.") for n in range(3, 43)]
    _write(folder / "pairs.jsonl", rows)
    held_out = [
        _pair(question.format(chip=chip), f"The {chip} runs at up to {speed}.")
        for question in ("How fast is the {chip}?", "What is the highest clock speed of the {chip}, and what sets it?")
        for chip, speed in SPEEDS.items()
    ]
    _write(folder / "pairs_test.jsonl", held_out)
    _write(
        folder / "chats.jsonl",
        [
            {
                "messages": [
                    {"role": "system", "content": "Answer in one sentence."},
                    {"role": "user", "content": asked(chip)},
                    {"role": "assistant", "content": f"It runs at up to {speed}."},
                    {"role": "user", "content": "Are you sure?"},
                    {"role": "assistant", "content": f"Yes: {speed}."},
                ]
            }
            for chip, speed in SPEEDS.items()
        ],
    )


def _write(path: Path, rows: list[dict[str, object]] | list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def write_run(
    workspace: Path, run_id: str, state: RunState, *, done: int, total: int = 240, age: float = 0.0, reason: str = ""
) -> RunFiles:
    """The files of a run that stands so; `age`: seconds before the newest one."""
    files = RunFiles(workspace, run_id)
    events: list[Event] = [StateChanged(RunState.RUNNING, t=START)]
    for each in steps(done, total):
        events.append(each)
        step, t = each.step, each.t
        if step % 30 == 0:
            events.append(Evaluation(step, 0.5 + math.exp(-step * 5 / total), 26, t=t))
        if step % 40 == 0:
            said = WRONG if step < 120 else RIGHT
            events.append(Sample(step, QUESTION, said, "The RP2350 runs at up to 150 MHz.", t=t))
            events.append(Sample(step, asked("RP2040"), right(asked("RP2040")), t=t))
        if step % 100 == 0:
            events.append(CheckpointSaved(step, f"checkpoints/checkpoint-{step}", 14 << 20, t=t))
    if state is RunState.FAILED:
        events.append(Warned("The loss is no number any more.", t=START + done))
    if state is RunState.FINISHED:
        events.append(CheckpointSaved(done, "model", 280 << 20, final=True, t=START + done))
    if state is not RunState.RUNNING:
        events.append(StateChanged(state, reason, t=START + 12 + done * 0.6))
    for event in events:
        files.events.write(replace(event, t=event.t - age))
    lines = (f"step {each:3d}  loss {0.05 + 2 * math.exp(-each * 5 / total):.3f}" for each in range(1, done + 1))
    (files.folder / "log.txt").write_text("".join(f"{line}\n" for line in lines))
    if state is RunState.RUNNING:
        return files
    files.belongs_to_another_boot()
    return files


async def write_workspace(folder: Path) -> None:
    """Everything that is there when a screen is opened; nothing of it runs."""
    folder.mkdir()
    write_datasets(folder)
    write_tokenizer(folder / MODEL, CHATML)
    shape = {"model_type": "llama", "hidden_size": 32, "num_hidden_layers": 2, "vocab_size": 400}
    (folder / MODEL / "config.json").write_text(json.dumps(shape))
    write_run(folder, FAILED, RunState.FAILED, done=20, age=7200, reason="The loss is no number; lower the rate.")
    write_run(folder, STOPPED, RunState.STOPPED, done=120, age=3600, reason="Stopped by you at step 120.")
    write_checkpoint(folder / "runs" / STOPPED, 100)
    write_run(folder, FINISHED, RunState.FINISHED, done=240)
    await _evaluate(folder)


async def _evaluate(folder: Path) -> None:
    """An evaluation of the held-out rows, as one that has ended left it."""
    async with answering(wrong, PORT, HOSTS[0]) as base, answering(right, PORT, HOSTS[1]) as tuned:
        evaluator = Evaluator(folder, lambda report: None)
        plan = BatchPlan("pairs_test.jsonl", arms=(base.arm("base"), tuned.arm("tuned")), sampling=Sampling())
        assert await evaluator.start(plan) == EVALUATION
        await evaluator.ended()
