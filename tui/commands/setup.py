"""`burnish setup serve`: build the serving environment."""

from __future__ import annotations

from tui.commands.parser import Parser
from tui.commands.progress import LineProgress


def run(words: list[str]) -> int:
    """Build (or find) the environment that vLLM runs in; prints what it does."""
    parser = Parser(prog="burnish setup", description="Build an environment that burnish needs.")
    parser.add_argument("what", choices=["serve"], help="serve: vLLM in a virtual environment of its own")
    parser.add_argument("--force", action="store_true", help="build it anew")
    arguments = parser.parse_args(words)
    from engine.serving.environment import build_environment

    with LineProgress("serve") as progress:
        environment = build_environment(progress.note, force=arguments.force)
    print(f"{environment.engine} {environment.versions.get(environment.engine, '')} ({environment.device}) is ready.")
    return 0
