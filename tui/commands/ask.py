"""`burnish ask PROMPT`: one prompt to several models, with the facts that differ."""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import BurnishError
from tui.commands.parser import Parser, print_json, workspace_option
from tui.literal import literal

if TYPE_CHECKING:
    from engine.chat.question import Question
    from engine.reports import Answer, AnswersAdvanced, Report

_OPTIONS = (
    ("temperature", float, "0 takes the likeliest token each time"),
    ("top_p", float, "share of the probability that is chosen from"),
    ("max_tokens", int, "where an answer is cut"),
    ("seed", int, "the same seed gives the same answers"),
    ("n", int, "how many answers each arm gives"),
)


def run(words: list[str]) -> int:
    """Ask the arms of a workspace, or those that are named, and say where the facts of their answers differ."""
    arguments = _parser().parse_args(words)
    question = _question(arguments)
    answers = asyncio.run(_answers(arguments.workspace, question))
    failed = [answer.error for answer in answers.answers if answer.error]
    nothing = len(failed) == len(answers.answers) and not any(answer.text for answer in answers.answers)
    if arguments.json:
        print_json(_as_json(answers))
    elif not nothing:
        _print(answers)
    if nothing:
        raise BurnishError(failed[0])
    for sentence in failed:
        print(f"burnish: {literal(sentence, one_line=True)}", file=sys.stderr)
    return 1 if failed else 0


def _parser() -> Parser:
    parser = Parser(prog="burnish ask", description="Ask one to four models the same, and compare what they say.")
    parser.add_argument("prompt", help="the question")
    parser.add_argument(
        "--arm",
        action="append",
        default=[],
        metavar="NAME=TARGET",
        help="who answers, up to four times: a server of the workspace (base, tuned), a run, a model or a URL; "
        "NAME=TARGET,nearest=4 puts rows of the dataset into its prompt (default: the arms of the workspace)",
    )
    parser.add_argument("--reference", help="the right answer, to judge all by")
    parser.add_argument("--system", help="the system prompt of all arms")
    for name, kind, about in _OPTIONS:
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, help=about)
    workspace_option(parser)
    return parser


def _question(arguments: argparse.Namespace) -> Question:
    from engine.chat.arms import parse_arm, read_arms
    from engine.chat.question import Question
    from engine.chat.settings import read_settings

    settings = read_settings(arguments.workspace)
    given = {name: value for name, _, _ in _OPTIONS if (value := getattr(arguments, name)) is not None}
    return Question(
        arguments.prompt,
        arguments.reference,
        arms=tuple(map(parse_arm, arguments.arm)) or read_arms(arguments.workspace),
        sampling=replace(settings.sampling, **given),
        system=settings.system if arguments.system is None else arguments.system,
    )


async def _answers(workspace: Path, question: Question) -> AnswersAdvanced:
    from engine.chat.comparison import Comparer
    from engine.reports import AnswersAdvanced, Failed

    seen: list[AnswersAdvanced] = []

    def report(what: Report) -> None:
        if isinstance(what, AnswersAdvanced):
            seen.append(what)
        elif isinstance(what, Failed):
            print(f"burnish: {literal(what.sentence, one_line=True)}", file=sys.stderr)

    await Comparer(workspace, report).ask(question)
    return seen[-1]


def _print(answers: AnswersAdvanced) -> None:
    width = max(len(answer.arm) for answer in answers.answers) + 2
    for number, sample in enumerate(answers.samples, start=1):
        if len(answers.samples) > 1:
            print(f"sample {number}")
        for answer in sample.answers:
            said = literal(answer.text.strip()).replace("\n", "\n" + " " * width)
            print(f"{answer.arm:{width}}{said}\n{'':{width}}{_figures(answer)}")
        for answer, comparison in zip(sample.answers[1:], sample.comparisons, strict=False):
            for difference in comparison.differing if comparison else ():
                beside = f"  ({answer.arm})" if len(sample.answers) > 2 else ""
                print(literal(f"≠ {difference.reason}{beside}", one_line=True))
    if answers.prompt_warning:
        print(f"! {literal(answers.prompt_warning, one_line=True)}")


def _figures(answer: Answer) -> str:
    parts = [f"{answer.completion_tokens} tokens"]
    if answer.tokens_per_second:
        parts.append(f"{answer.tokens_per_second:.0f} tokens/s")
    if answer.verdict:
        parts.append(f"{answer.verdict} by the reference")
    return "  ".join(parts)


def _as_json(answers: AnswersAdvanced) -> dict[str, Any]:
    """The first sample stands in `answers` and `comparisons`, those after it in `further`."""
    question = answers.question
    samples = [
        {
            "answers": [_side(answer, arm.target) for answer, arm in zip(sample.answers, question.arms, strict=True)],
            "comparisons": _comparisons(sample.answers, sample.comparisons),
        }
        for sample in answers.samples
    ]
    return {
        "prompt": question.prompt,
        "reference": question.reference,
        "system": question.system or None,
        "sampling": asdict(question.sampling),
        "prompt_warning": answers.prompt_warning,
        "prompt_checked": answers.prompt_checked,
        **samples[0],
        "further": samples[1:],
    }


def _comparisons(answers: tuple[Answer, ...], comparisons: tuple[Any, ...]) -> list[dict[str, Any]]:
    from data.facts import comparison_record

    others = answers[1:] or answers
    records = [
        {"first": answers[0].arm, "other": other.arm, **comparison_record(comparison, None)}
        for other, comparison in zip(others, comparisons, strict=True)
        if comparison is not None
    ]
    return [{key: value for key, value in record.items() if key != "id"} for record in records]


def _side(answer: Answer, target: str) -> dict[str, Any]:
    return {
        "arm": answer.arm,
        "target": target,
        "answer": answer.text,
        "verdict": answer.verdict,
        "tokens": answer.completion_tokens,
        "prompt_tokens": answer.prompt_tokens,
        "first_token_seconds": answer.first_token_seconds,
        "tokens_per_second": answer.tokens_per_second,
        "finish_reason": answer.finish_reason,
        "error": answer.error,
    }
