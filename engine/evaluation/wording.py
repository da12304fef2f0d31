"""A batch in words, the same on the screen, on the command line and in every export."""

from __future__ import annotations

from data.wording import counted
from engine.evaluation.results import EvaluatedRow
from engine.evaluation.summary import ArmTally
from engine.reports import BatchAdvanced

SIGNS = {"right": "✓", "wrong": "✗", "unclear": "?", "": ""}
"""Of a verdict, readable without colour."""


def description(batch: BatchAdvanced) -> str:
    """What was asked, of whom and how, in a sentence."""
    header, sampling = batch.batch, batch.batch.sampling
    arms = ", ".join(f"{arm.name} ({arm.target})" for arm in header.arms)
    seed = "" if sampling.seed is None else f", seed {sampling.seed}"
    return (
        f"{counted(header.rows)} of {header.source} ({header.dataset}, SHA-256 {header.sha256}), asked of {arms}; "
        f"temperature {sampling.temperature:g}, top-p {sampling.top_p:g}, at most "
        f"{sampling.max_tokens} tokens{seed}."
    )


def tally_words(tally: ArmTally) -> str:
    """How often an arm is right: "tuned: 43 of 48 right, 89.6 % (77.8 to 95.5 %)"."""
    if tally.accuracy is None:
        return f"{tally.arm}: nothing to judge"
    low, high = tally.interval
    failed = f", {counted(tally.failed, 'failed request')}" if tally.failed else ""
    share = f"{tally.accuracy * 100:.1f} % ({low * 100:.1f} to {high * 100:.1f} %)"
    return f"{tally.arm}: {tally.right:,} of {tally.judged:,} right, {share}{failed}"


def share_words(tally: ArmTally) -> str:
    """The accuracy in short: "89.6 %", "–" where nothing is judged yet."""
    return "–" if tally.accuracy is None else f"{tally.accuracy * 100:.1f} %"


def changes_words(row: EvaluatedRow) -> str:
    """On which facts the further arms differ from the first."""
    return "; ".join(change for compared in row.compared if compared is not None for change in compared.changes)
