"""The command line: `burnish [WORKSPACE|FILE]` opens the workbench, `burnish COMMAND …` does one thing without it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

# Only what every start needs is imported here: the workbench must be up as fast as an empty Textual app.

COMMANDS: dict[str, str] = {
    "data": "look into a dataset file: show, check, edit, convert, split, measure it",
    "demo": "train, serve and compare the bundled model on the bundled dataset",
    "setup": "build the serving environment (vLLM in its own place)",
    "train": "start a training run from a job file",
    "estimate": "what a job would do and take: rows, steps, memory",
    "presets": "job files to begin with: list, show or copy one",
    "runs": "list the runs of a workspace; show, follow, compare, stop, kill, resume or delete some",
    "serve": "serve a run's base and tuned model",
    "servers": "list or stop the servers of a workspace, read their logs",
    "check-prompt": "hold the prompt that each server sees against the one of the training",
    "ask": "ask one to four models one question and compare the facts in their answers",
    "keys": "list the key bindings and their ids, with which the settings file gives them other keys",
    "facts": "compare the facts in two texts, or in many pairs of answers",
    "evaluate": "ask every arm a run's held-out rows or a file, and say how often each is right",
}
"""Every command and what it does, in the order of the help."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run burnish; gives the exit code: 0, 1 (it failed), 2 (bad usage or input), 130 (interrupted)."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    return _guarded(_command(words))


def _command(words: list[str]) -> Callable[[], int]:
    if words and words[0] in COMMANDS:
        name = words[0]

        def run() -> int:
            from importlib import import_module

            return import_module(f"tui.commands.{name.replace('-', '_')}").run(words[1:])

        return run

    def workbench() -> int:
        from tui.commands import workbench

        return workbench.run(words)

    return workbench


def _guarded(work: Callable[[], int]) -> int:
    """The one place where errors become a sentence and an exit code."""
    from data.errors import BurnishError, InputError

    try:
        return work()
    except InputError as error:
        return _fail(error.sentence, 2)
    except BurnishError as error:
        return _fail(error.sentence, 1)
    except KeyboardInterrupt:
        return _fail("interrupted.", 130)
    except BrokenPipeError:
        # The reader of a pipe went away (`burnish runs | head`): nobody is left to tell.
        sys.stderr.close()
        return 1
    except Exception as error:  # noqa: BLE001 - the last seam: a person gets a sentence, the log gets the traceback
        from tui.crash_log import crash_sentence

        return _fail(crash_sentence(error), 1)


def _fail(sentence: str, code: int) -> int:
    print(f"burnish: {sentence}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
