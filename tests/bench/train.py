"""`make bench-train`: real tokens a second beside TRL's default SFTTrainer and LLaMA-Factory, on the same rows.

Each arm is a process of its own, the arms take turns, and all have the same model, rows, adapter, batch, schedule,
steps and threads. `BURNISH_BENCH_LLAMAFACTORY` names an environment (a folder with `bin/python`) that has
LLaMA-Factory; without it that arm is left out. Times run from the beginning of the first step to the end of the last.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from data.bundled import bundled_path
from data.formats.pair import Pair
from data.formats.reading import pairs
from data.rendered_row import render_row
from data.templates import Template
from engine.jobs.events import EventReader, Progress
from engine.models.resolve import resolve
from engine.models.weights import read_weights
from engine.training.job import job_from, job_text

MODEL = "smollm2-135m-instruct"
SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
"""What the model's own template says first; LLaMA-Factory's says nearly the same."""
TARGETS = {"trl": 2.5, "llamafactory": 1.8}
"""How many times their real tokens a second burnish must do."""
SAME_LOSS = 0.02
_LLAMAFACTORY = "BURNISH_BENCH_LLAMAFACTORY"
_PEER = Path(__file__).with_name("train_peer.py")
_SHARED: dict[str, Any] = {
    "epochs": 2.0,
    "batch_size": 8,
    "learning_rate": 5e-4,
    "warmup_fraction": 0.1,
    "max_length": 512,
    "rank": 16,
    "alpha": 32,
    "seed": 42,
}


@dataclass(frozen=True, slots=True)
class Bench:
    """What all arms are given."""

    folder: Path
    model: Path
    rows: list[Pair]
    held_out: list[Pair]
    threads: int
    fed: int
    """Tokens of an epoch as burnish feeds them: up to the end of the answer."""
    whole: int
    """Tokens of an epoch as the others do: with what the template writes after it."""


@dataclass(frozen=True, slots=True)
class Result:
    """One run of an arm."""

    tokens_per_second: float
    adapter: Path
    computed: float = 1.0
    """Share of the real tokens that was computed: what rows of a batch begin with in common need not be repeated."""


def main() -> int:
    """Print the figures; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description="burnish beside other trainers")
    parser.add_argument("--rows", type=int, default=96)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--arms", nargs="*", help="leave out all others")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = _prepare(Path(folder), options.rows, options.threads)
        results: defaultdict[str, list[Result]] = defaultdict(list)
        arms = options.arms or ["burnish", "trl", *(["llamafactory"] if os.environ.get(_LLAMAFACTORY) else [])]
        for number in range(options.rounds):
            for arm in arms:
                results[arm].append(_run(arm, bench, bench.folder / f"{arm}-{number}"))
                print(f"  round {number + 1}: {arm} {results[arm][-1].tokens_per_second:.0f} tokens/s", flush=True)
        return _report(bench, results)


def _prepare(folder: Path, count: int, threads: int) -> Bench:
    model = resolve(MODEL, report=lambda note: print(f"  {note.text}"))
    template = Template.from_model(model)
    everything = list(islice(pairs(bundled_path("raspberry_pi.jsonl")), 2 * count))
    rows, held_out = everything[:count], everything[count : count + count // 3]
    for name, part in (("data", rows), ("held", held_out)):
        _write(folder / f"{name}.jsonl", [{"instruction": row.question, "output": row.answer} for row in part])
    said = [{"role": "system", "content": SYSTEM}]
    prompts = [[*said, {"role": "user", "content": row.question}] for row in rows]
    answers = [[{"role": "assistant", "content": row.answer}] for row in rows]
    both = list(zip(prompts, answers, strict=True))
    (folder / "trl").mkdir()
    (folder / "llamafactory").mkdir()
    _write(folder / "trl" / "rows.jsonl", [{"prompt": prompt, "completion": answer} for prompt, answer in both])
    _write(folder / "llamafactory" / "rows.jsonl", [{"messages": prompt + answer} for prompt, answer in both])
    rendered = [render_row(template, row) for row in rows]
    fed, whole = sum(row.fed for row in rendered), sum(len(row.token_ids) for row in rendered)
    return Bench(folder, model, rows, held_out, threads, fed, whole)


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _run(arm: str, bench: Bench, output: Path) -> Result:
    return _burnish(bench, output) if arm == "burnish" else _peer(arm, bench, output)


def _burnish(bench: Bench, output: Path) -> Result:
    """A run as the workbench starts it; `output` becomes its workspace."""
    run_folder = output / "runs" / "bench"
    run_folder.mkdir(parents=True)
    training = {name: value for name, value in _SHARED.items() if name not in ("rank", "alpha")}
    job = job_from(
        {
            "model": str(bench.model),
            "dataset": {"path": str(bench.folder / "data.jsonl")},
            "method": {"rank": _SHARED["rank"], "alpha": _SHARED["alpha"]},
            "training": training,
            "evaluation": {"row_losses": "off"},
            "samples": {"every_steps": 10**6},
            "checkpoints": {"best": "off"},
        }
    )
    (run_folder / "job.toml").write_text(job_text(job))
    _process([sys.executable, "-m", "engine.training.worker", str(run_folder)], bench, output)
    events = EventReader(run_folder / "events.jsonl").read()
    steps = [event for event in events if isinstance(event, Progress)]
    before = events[events.index(steps[0]) - 1]
    last = steps[-1]
    computed = min(1.0, last.padded_tokens / last.tokens)
    return Result(last.tokens / (last.t - before.t), run_folder / "adapter", computed)


def _peer(arm: str, bench: Bench, output: Path) -> Result:
    output.mkdir()
    rows = bench.folder / arm / "rows.jsonl"
    settings = {**_SHARED, "model": str(bench.model), "rows": str(rows), "output": str(output), "template": "smollm2"}
    (output / "settings.json").write_text(json.dumps(settings))
    python = sys.executable if arm == "trl" else str(Path(os.environ[_LLAMAFACTORY]) / "bin" / "python")
    _process([python, str(_PEER), arm, str(output / "settings.json")], bench, output)
    times = json.loads((output / "result.json").read_text())
    tokens = _SHARED["epochs"] * bench.whole
    return Result(tokens / (times["ended"] - times["began"]), output / "adapter")


def _process(command: list[str], bench: Bench, output: Path) -> str:
    """Run a command; gives what it printed. Raises SystemExit with the end of its log when it fails."""
    environment = os.environ | {
        "OMP_NUM_THREADS": str(bench.threads),
        # Threads that wait spin by default, which costs an arm dearly as soon as anything else runs. Burnish's worker
        # sets this for itself; the others are given it, so that a machine that is not quiet is no advantage.
        "OMP_WAIT_POLICY": "PASSIVE",
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_CACHE": str(bench.folder / "cache"),
        "PYTHONPATH": os.pathsep.join(sys.path[:1]) if "-m" in command else "",
    }
    log = output.with_suffix(".log")
    with log.open("wb") as errors:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=errors, env=environment, cwd=bench.folder)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{log.read_text(errors='replace')[-3000:]}")
    return done.stdout.decode()


def _report(bench: Bench, results: dict[str, list[Result]]) -> int:
    adapters = {arm: [str(result.adapter) for result in each] for arm, each in results.items()}
    command = [sys.executable, "-m", "tests.bench.train_ruler", str(bench.model), str(bench.folder / "held.jsonl")]
    every = [path for paths in adapters.values() for path in paths]
    measured = json.loads(_process([*command, str(bench.threads), "", *every], bench, bench.folder / "ruler"))
    losses: dict[str, float] = measured["losses"]
    flops = 4 * read_weights(bench.model).parameters
    print(f"{len(bench.rows)} rows, {bench.fed} tokens an epoch, {bench.threads} threads, medians of the rounds")
    print(f"a bf16 matrix product: {measured['gemm'] / 1e9:.0f} GFLOP/s; held-out loss before: {losses['']:.3f}")
    rates = {arm: median(result.tokens_per_second for result in each) for arm, each in results.items()}
    held = {arm: median(losses[path] for path in paths) for arm, paths in adapters.items()}
    met = True
    for arm, rate in rates.items():
        computed = median(result.computed for result in results[arm])
        share = rate * computed * flops / measured["gemm"]
        line = f"  {arm:13} {rate:6.0f} real tokens/s ({computed:.0%} of them computed), {share:3.0%} of the limit"
        line += f", held-out loss {held[arm]:.3f}"
        if arm in TARGETS and "burnish" in rates:
            ratios = [
                ours.tokens_per_second / theirs.tokens_per_second
                for ours, theirs in zip(results["burnish"], results[arm], strict=True)
            ]
            same = held["burnish"] <= held[arm] * (1 + SAME_LOSS)
            met &= median(ratios) >= TARGETS[arm] and same
            line += f"; burnish does {median(ratios):.2f} × (target {TARGETS[arm]} ×)"
            line += "" if same else ", but its loss is higher by more than 2 %"
        print(line)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
