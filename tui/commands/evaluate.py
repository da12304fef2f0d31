"""`burnish evaluate RUN|FILE`: ask every arm many rows, and say how often each is right and what changed."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import BurnishError, InputError
from data.wording import counted
from engine.jobs.events import Note
from engine.reports import BatchAdvanced, BatchListed, Report
from tui.commands.parser import Parser, print_json, workspace_option
from tui.commands.progress import LineProgress
from tui.literal import literal

if TYPE_CHECKING:
    import argparse

_REGRESSIONS = 20
"""Of them are printed; the export and the screen have them all."""
_QUESTION = 60
"""Characters of a question in a line."""


def run(words: list[str]) -> int:
    """Evaluate a run's held-out rows or a file, go on with an evaluation, or list and show earlier ones."""
    if words[:1] in (["list"], ["show"]):
        return _earlier(words)
    parser = Parser(
        prog="burnish evaluate",
        description="Ask every arm the rows that a run held out, or those of a file; `evaluate list` and `evaluate "
        "show ID` tell of earlier ones.",
    )
    parser.add_argument("source", nargs="?", metavar="RUN|FILE", help="a run (its held-out rows) or a dataset file")
    parser.add_argument(
        "--arm",
        action="append",
        default=[],
        metavar="NAME=TARGET",
        help="who is asked, up to four: a server, a run, a model or a URL (default: base and tuned)",
    )
    parser.add_argument("--rows", type=int, default=0, help="how many rows, spread evenly over all (default: all)")
    parser.add_argument("--resume", metavar="ID", help="ask what this evaluation has not asked yet, and what failed")
    parser.add_argument("--export", type=Path, metavar="FILE", help="write the rows: .jsonl, .csv, .md or .html")
    parser.add_argument("--temperature", type=float, default=0.0, help="the same for all arms (default: 0)")
    parser.add_argument("--max-tokens", type=int, default=128, help="of an answer (default: 128)")
    parser.add_argument("--seed", type=int, default=1, help="the same for all arms (default: 1)")
    parser.add_argument("--at-once", type=int, default=4, help="requests in flight at a server (default: 4)")
    workspace_option(parser)
    arguments = parser.parse_args(words)
    if (arguments.source is None) == (arguments.resume is None):
        parser.error("give a run or a file, or --resume ID")
    if arguments.rows < 0 or not 1 <= arguments.at_once <= 64:
        parser.error("--rows must be 0 or more, --at-once 1 to 64")
    _check_export(arguments.export)
    last, fault = asyncio.run(_evaluate(arguments))
    return _tell(last, fault, arguments)


def _check_export(path: Path | None) -> None:
    """Refuse a file that could not be written, before hours of answers."""
    from engine.evaluation.export.writing import check_name

    if path is not None:
        check_name(path)


async def _evaluate(arguments: argparse.Namespace) -> tuple[BatchAdvanced, BurnishError | None]:
    """Ask; gives how it stands in the end, and what ended it early."""
    from engine.chat.arms import parse_arm
    from engine.chat.sampling import Sampling
    from engine.evaluation.evaluator import BatchPlan, Evaluator

    seen: list[BatchAdvanced] = []
    with LineProgress("evaluate") as progress:

        def report(what: Report) -> None:
            if isinstance(what, BatchAdvanced):
                if not seen:
                    progress.say(f"{what.batch.id}: {counted(what.batch.rows)} of {what.batch.source}")
                if what.warning and not any(each.warning for each in seen):
                    progress.say(literal(what.warning, one_line=True))
                seen[:] = [*seen[-1:], what]
                progress.note(_progress(what))

        evaluator = Evaluator(arguments.workspace, report)
        if arguments.resume is not None:
            await evaluator.resume(arguments.resume, at_once=arguments.at_once)
        else:
            sampling = Sampling(arguments.temperature, max_tokens=arguments.max_tokens, seed=arguments.seed)
            arms = tuple(parse_arm(text) for text in arguments.arm)
            await evaluator.start(BatchPlan(arguments.source, arguments.rows, arms, sampling, arguments.at_once))
        try:
            await evaluator.ended()
        except BurnishError as error:
            return seen[-1], error
    return seen[-1], None


def _progress(batch: BatchAdvanced) -> Note:
    speed = f", {batch.per_second:.1f} a second" if batch.per_second else ""
    failed = f", {batch.failed:,} failed" if batch.failed else ""
    total = batch.batch.total
    return Note(f"{batch.answered:,} of {counted(total, 'answer')}{failed}{speed}", batch.answered / max(total, 1))


def _give(batch: BatchAdvanced, arguments: argparse.Namespace) -> None:
    """Export and print an evaluation as it is asked for."""
    if arguments.export is not None:
        from engine.evaluation.export.writing import write_export

        write_export(batch, arguments.export)
    if arguments.json:
        print_json(_as_json(batch))
        return
    _print(batch)
    if arguments.export is not None:
        print(f"written to {arguments.export}")


def _tell(batch: BatchAdvanced, fault: BurnishError | None, arguments: argparse.Namespace) -> int:
    _give(batch, arguments)
    if fault is not None:
        raise fault
    if batch.failed:
        raise BurnishError(f"{_failures(batch)}; `burnish evaluate --resume {batch.batch.id}` asks them again.")
    return 0


def _failures(batch: BatchAdvanced) -> str:
    first = next(answer.error for row in batch.rows for answer in row.answers if answer is not None and answer.error)
    return f"{counted(batch.failed, 'request')} failed ({literal(first, one_line=True).rstrip('.')})"


def _print(batch: BatchAdvanced) -> None:
    from engine.evaluation.wording import changes_words, description, tally_words

    print(literal(f"{batch.batch.id}: {description(batch)}", one_line=True))
    for tally in batch.summary.arms:
        print(literal(tally_words(tally), one_line=True))
    for place, pair in enumerate(batch.summary.pairs, 1):
        print(literal(pair.sentence, one_line=True))
        print(f"other facts in {pair.different:,} of {counted(pair.compared)}")
        lost = [row for row in batch.rows if row.lost(place)]
        for row in lost[:_REGRESSIONS]:
            question = literal(row.question.text[:_QUESTION], one_line=True)
            print(f"  row {row.question.row:,}  {question}  {literal(changes_words(row), one_line=True)}".rstrip())
        if len(lost) > _REGRESSIONS:
            print(f"  and {len(lost) - _REGRESSIONS:,} more that {pair.arm} no longer gets right")


def _as_json(batch: BatchAdvanced) -> dict[str, Any]:
    from engine.evaluation.export.tables import row_json
    from engine.evaluation.summary import summary_json

    return {
        **_header_json(batch),
        "warning": batch.warning or None,
        "stopped": batch.sentence or None,
        "summary": summary_json(batch.summary),
        "rows": [row_json(batch, row) for row in batch.rows],
    }


def _header_json(batch: BatchAdvanced | BatchListed) -> dict[str, Any]:
    header = batch.batch
    return {
        "id": header.id,
        "made": header.made,
        "source": header.source,
        "dataset": header.dataset,
        "sha256": header.sha256,
        "arms": {arm.name: arm.target for arm in header.arms},
        "questions": header.rows,
        "answered": batch.answered,
        "failed": batch.failed,
        "running": batch.running,
    }


def _earlier(words: list[str]) -> int:
    parser = Parser(prog="burnish evaluate", description="List the evaluations of a workspace, or show one.")
    parser.add_argument("action", choices=["list", "show"])
    parser.add_argument("id", nargs="?", help="an evaluation, as the list shows it")
    parser.add_argument("--export", type=Path, metavar="FILE", help="write its rows: .jsonl, .csv, .md or .html")
    workspace_option(parser)
    arguments = parser.parse_args(words)
    if (arguments.action == "show") != (arguments.id is not None):
        parser.error("`show` needs the id of an evaluation, `list` takes none")
    if arguments.export is not None and arguments.action == "list":
        raise InputError("--export goes with `evaluate show ID`.")
    _check_export(arguments.export)
    from engine.evaluation.evaluator import Evaluator

    evaluator = Evaluator(arguments.workspace, lambda _: None)
    if arguments.action == "list":
        return _list(asyncio.run(evaluator.listed()), arguments)
    batch = asyncio.run(evaluator.open(arguments.id))
    _give(batch, arguments)
    left = batch.batch.total - batch.answered
    if left and not batch.running and not arguments.json:
        print(f"{counted(left, 'answer')} missing: `burnish evaluate --resume {batch.batch.id}` asks for the rest.")
    return 0


def _list(found: tuple[BatchListed, ...], arguments: argparse.Namespace) -> int:
    from engine.evaluation.summary import tally_json
    from engine.evaluation.wording import share_words

    if arguments.json:
        print_json([{**_header_json(each), "accuracy": [tally_json(arm) for arm in each.arms]} for each in found])
        return 0
    for each in found:
        made = time.strftime("%Y-%m-%d %H:%M", time.localtime(each.batch.made))
        state = "at work" if each.running else f"{each.answered:,}/{each.batch.total:,}"
        arms = "  ".join(f"{arm.arm} {share_words(arm)}" for arm in each.arms)
        print(literal(f"{each.batch.id:<24} {made}  {state:>11}  {arms}  {each.batch.source}", one_line=True))
    if not found:
        print(f"No evaluation in {arguments.workspace}; `burnish evaluate RUN` starts one.")
    return 0
