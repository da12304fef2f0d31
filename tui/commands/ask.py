"""`burnish ask PROMPT`: one prompt to both servers, with the facts that differ."""

from __future__ import annotations

import asyncio
from typing import Any

from data.errors import BurnishError
from engine.reports import Answer, AnswersAdvanced, Report
from tui.commands.parser import Parser, print_json, workspace_option
from tui.literal import literal


def run(words: list[str]) -> int:
    """Ask the base and the tuned server of a workspace, and say where the facts of their answers differ."""
    parser = Parser(prog="burnish ask", description="Ask both servers of a workspace the same question.")
    parser.add_argument("prompt", help="the question")
    parser.add_argument("--reference", help="the right answer, to judge both by")
    workspace_option(parser)
    arguments = parser.parse_args(words)
    from engine.chat.comparison import Comparer
    from engine.chat.question import Question

    seen: list[AnswersAdvanced] = []

    def report(what: Report) -> None:
        if isinstance(what, AnswersAdvanced):
            seen.append(what)

    question = Question(arguments.prompt, arguments.reference)
    asyncio.run(Comparer(arguments.workspace, report).ask(question))
    last = seen[-1]
    for side in last.answers:
        if side.error and not side.text:
            raise BurnishError(side.error)
    if arguments.json:
        print_json(_as_json(last))
        return 0
    for side in last.answers:
        speed = f"{side.tokens_per_second:.0f} tokens/s" if side.tokens_per_second else ""
        print(f"{side.arm:<6} {literal(side.text.strip())}\n       {side.completion_tokens} tokens  {speed}")
    for comparison in last.comparisons:
        for difference in comparison.differing if comparison else ():
            print(literal(f"≠ {difference.reason}", one_line=True))
    return 0


def _as_json(answers: AnswersAdvanced) -> dict[str, Any]:
    comparison = answers.comparisons[0]
    return {
        "prompt": answers.question.prompt,
        "reference": answers.question.reference,
        **{side.arm: _side(side) for side in answers.answers},
        "label": comparison.label if comparison else None,
        "agrees": comparison.agrees if comparison else None,
        "differing": [
            {"a": each.a_text, "b": each.b_text, "reason": each.reason}
            for each in (comparison.differing if comparison else ())
        ],
        "prompt_warning": answers.prompt_warning,
    }


def _side(answer: Answer) -> dict[str, Any]:
    return {
        "answer": answer.text,
        "tokens": answer.completion_tokens,
        "prompt_tokens": answer.prompt_tokens,
        "first_token_seconds": answer.first_token_seconds,
        "tokens_per_second": answer.tokens_per_second,
        "finish_reason": answer.finish_reason,
        "error": answer.error,
    }
