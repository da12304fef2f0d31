"""`burnish check-prompt`: whether all sides see the prompt that training saw, token by token."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from data.errors import InputError
from data.templates import Message, conversation
from tui.commands.parser import Parser, print_json, workspace_option
from tui.literal import literal

QUESTION = "What is the capital of France?"


def run(words: list[str]) -> int:
    """Print how many tokens each side sees; exit code 0 when all of them are the same, 1 when not."""
    parser = Parser(
        prog="burnish check-prompt",
        description="Compare the token ids of a prompt: those of each server, and those of the training of its run.",
    )
    parser.add_argument("question", nargs="?", default=QUESTION, help=f"the prompt (default: {QUESTION})")
    parser.add_argument("--system", help="a system prompt before it")
    workspace_option(parser)
    arguments = parser.parse_args(words)
    from engine.chat.prompt_check import prompt_difference

    messages = conversation(arguments.question, system=arguments.system)
    sides = asyncio.run(_sides(arguments.workspace, messages))
    if len(sides) < 2:
        raise InputError(
            "There are no two sides to compare: only vLLM and the training of a run tell which tokens they see."
        )
    sentence = prompt_difference(sides)
    if arguments.json:
        counted = {name: list(ids) for name, ids in sides.items()}
        print_json({"same": sentence is None, "difference": sentence, "token_ids": counted})
    else:
        for name, ids in sides.items():
            print(literal(f"{len(ids):>6} tokens  {name}", one_line=True))
        print(literal(sentence or "The prompt is the same on all sides.", one_line=True))
    return 0 if sentence is None else 1


async def _sides(workspace: Path, messages: Sequence[Message]) -> dict[str, Sequence[int]]:
    """Token ids by who sees them, of every arm that gets the question as it is."""
    from engine.chat.arm_endpoint import arm_endpoint
    from engine.chat.arms import read_arms
    from engine.chat.prompt_check import prompts_seen

    arms = [arm for arm in read_arms(workspace) if not arm.examples]
    endpoints = [await arm_endpoint(workspace, arm) for arm in arms]
    return await prompts_seen(workspace, endpoints, messages)
