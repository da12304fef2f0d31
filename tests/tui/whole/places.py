"""The places of the workbench where keys mean something, and how a person gets to each of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from engine.jobs.detached import LOG_FILE
from engine.reports import Failed, ServersChanged
from tests.tui.compare.stage import server as status
from tests.tui.whole.stage import Workbench
from tests.tui.whole.workspace import EVALUATION, FAILED, FINISHED, QUESTION, STOPPED


@dataclass(frozen=True)
class See:
    """Wait for words on the screen."""

    words: str


@dataclass(frozen=True)
class Write:
    """Type a text."""

    text: str


@dataclass(frozen=True)
class Do:
    """Do something that no key does."""

    what: Callable[[Workbench], Awaitable[None]]


Step = str | See | Write | Do


@dataclass(frozen=True)
class Place:
    """A state of the screen, reached by steps from the start; in it every key that is offered is pressed."""

    name: str
    steps: tuple[Step, ...]
    stirs: tuple[str, ...] = ()
    """Keys that move something, for keys that do nothing at an end."""
    setting: dict[str, Any] = field(default_factory=dict)
    """Of the workbench."""
    later: tuple[str, ...] = ()
    """Ids of bindings that have nothing to do here, and are met again in a place that follows."""

    async def reach(self, bench: Workbench, *, patience: float = 60) -> None:
        """Go there. Raises AssertionError when something is not seen within so many seconds."""
        for step in self.steps:
            match step:
                case See():
                    await bench.sees(step.words, patience)
                case Write():
                    await bench.pilot.press(*step.text)
                case Do():
                    await step.what(bench)
                case key:
                    await bench.pilot.press(key)
            await bench.pilot.pause()


async def _close_the_gate(bench: Workbench) -> None:
    for server in bench.servers:
        server.gate.clear()


async def _serve(bench: Workbench) -> None:
    log = bench.workspace / "server.log"
    log.write_text("".join(f"line {number} of the server's log\n" for number in range(100)))
    other = bench.workspace / "other.log"
    other.write_text("another server's log\n")
    bench.tell(ServersChanged((status("base", log=log), status("tuned", log=other))))


async def _warn(bench: Workbench) -> None:
    log = bench.workspace / "runs" / FAILED / LOG_FILE
    log.write_text("".join(f"line {number} of the log\n" for number in range(100)))
    for number in range(20):
        bench.tell(Failed("Not done", f"{FAILED} has no checkpoint that is whole, for the {number}th time."))


async def _focus(bench: Workbench, kind: str) -> None:
    bench.app.query(kind).first().focus()


def _focused(kind: str) -> Do:
    return Do(lambda bench: _focus(bench, kind))


ASKED: tuple[Step, ...] = ("3", "i", Write(QUESTION), "enter", See("✓ 150 MHz"))
"""Two answers, compared with the dataset's."""
SCROLLING = tuple(f"compare.{name}" for name in ("top", "bottom", "up", "down", "page-up", "page-down"))
"""What does something only where the answers are longer than the screen."""

EVALUATED: tuple[Step, ...] = (
    *("3", "B", See(EVALUATION), "n", See("evaluate many rows")),
    *("home", "ctrl+k", Write("pairs_test.jsonl"), "ctrl+s"),
)
"""A new evaluation of the held-out rows."""

DATASET = (
    Place("the table", ("1",), ("j", "j", "G", "k", "space")),
    Place("the table with rows found", ("1", "slash", Write("RP2040"), "enter", See("of 52")), ("n", "asterisk")),
    Place("the table with flags", ("1", "c", See("flagged"), "j", "j"), ("f", "f", "j", "F", "G")),
    Place("a row that can be mended", ("1", "c", See("flagged"), "colon", Write("10"), "enter")),
    Place("the table with an edit taken back", ("1", "d", "u")),
    Place("the filter", ("1", "slash")),
    Place("going to a row", ("1", "colon")),
    Place("the editor", ("1", "e", Write("x")), ("ctrl+z",)),
    Place("the row's text with a fault", ("1", "e", "ctrl+t", Write('"'), See("line")), ("up",)),
    Place("a turn in the editor", ("1", "e", "tab"), ("tab", "x"), {"dataset": "chats.jsonl"}),
    Place("what the model sees, below the table", ("1", "j", "p", See("carry loss"))),
    Place(
        "what the model sees",
        ("1", "j", "p", See("carry loss"), "tab"),
        ("j", "G", "l", "t"),
        {"size": (80, 16), "dataset": "chats.jsonl"},
    ),
    Place("the files", ("1", "o", See("pairs_test")), ("down",)),
    Place("the checks", ("1", "C", See("duplicate")), ("j",)),
    Place("the statistics", ("1", "S", See("tokens")), ("g", "j", "G"), {"size": (80, 16)}),
    Place("the export form", ("1", "E"), ("down",), later=("ask.accept",)),
    Place("find and replace", ("1", "R", Write("RP"), See("rows"), "tab", Write("XP")), ("down",)),
)
TRAINING = (
    Place("the runs", ("2", See(FINISHED)), ("home", "j", "plus", "space", "G")),
    Place("a stopped run", ("2", See(STOPPED), "j", See("Stopped by you"))),
    Place("a run that goes on", ("2", See("118")), setting={"running": True}),
    Place("the curve", ("2", See("150 MHz"), "enter"), ("right", "left", "end", "plus", "left_square_bracket")),
    Place(
        "a part of the curve",
        ("2", See("150 MHz"), "enter", "equals_sign"),
        ("right_square_bracket", "left_square_bracket"),
    ),
    Place("the sample answers", ("2", See("150 MHz"), "p"), ("k", "home", "right")),
    Place("the log", ("2", See(FINISHED), "f", See("loss")), ("k", "end", "home")),
    Place("the log's search", ("2", See(FINISHED), "f", "slash")),
    Place("the log with a text found", ("2", See(FINISHED), "f", "slash", Write("step 10"), "enter"), ("n",)),
    Place("the table of runs", ("2", See(FINISHED), "t", See(FAILED)), ("j", "G", "right")),
    Place("the filter of the runs", ("2", See(FINISHED), "t", "slash", Write("lora"))),
    Place("the differences", ("2", See(FINISHED), "d"), ("home", "j", "G"), {"size": (100, 12)}),
    Place("the notes", ("2", See(FINISHED), "e", Write("x"))),
    Place("the form", ("2", "n"), ("down",)),
    Place("a choice in the form", ("2", "n", _focused("WordChoice")), ("right",)),
    Place("the end of the form", ("2", "n", _focused("StartLine"))),
    Place("the job file", ("2", "n", "ctrl+g", See("burnish train")), ("g", "j", "G"), {"size": (80, 24)}),
    Place("what to start from", ("2", "n", "ctrl+o", See("demo")), ("g", "j", "G")),
    Place("the question about a run", ("2", See(FINISHED), "D", See("Delete"))),
)
COMPARE = (
    Place("two answers", ASKED, ("tab", "right", "d"), later=(*SCROLLING, "compare.plain")),
    Place("two long answers", ("3", "i", Write("List it."), "enter", See("number 3")), ("g", "j", "G")),
    Place(
        "two turns of two samples",
        (*ASKED, "f", Write("Sure?"), "enter", See("turn 2 of 2")),
        ("comma", "less_than_sign"),
        {"samples": 2},
    ),
    Place("while both answer", ("3", Do(_close_the_gate), "i", Write(QUESTION), "enter", See("Stop"))),
    Place("the prompt line", (*ASKED, "i", Write("x")), ("up", "up")),
    Place("the vote", (*ASKED, "v", See("Tie"))),
    Place("the correction", (*ASKED, "c", See("put right"))),
    Place("the sides", ("3", "a", See("http")), ("j",)),
    Place("a new side", ("3", "a", "a", See("a new side")), ("down",), later=("ask.accept",)),
    Place("the settings of the sides", ("3", "o"), ("down",)),
    Place(
        "earlier questions",
        (*ASKED, "i", Write("Who are you?"), "enter", See("do not know"), "slash", See("RP2350")),
        ("down",),
    ),
    Place("the dataset's questions", ("3", "p", See("SRAM")), ("down",)),
    Place("the evaluation", ("3", "B", See(EVALUATION)), ("w", "j", "j", "G", "right"), {"size": (80, 24)}),
    Place("the evaluation's search", ("3", "B", See(EVALUATION), "slash", Write("RP"))),
    Place("the evaluations", ("3", "B", See(EVALUATION), "o")),
    Place("a new evaluation", ("3", "B", See(EVALUATION), "n", See("evaluate many rows")), ("down",)),
    Place("an evaluation of three", (*EVALUATED, See("30 of 30")), ("r",), {"arms": 3}),
    Place("an evaluation at work", (Do(_close_the_gate), *EVALUATED, See("▶"))),
    Place("with servers up", ("3", Do(_serve), See("base ●"))),
    Place("the log of a server", ("3", Do(_serve), See("base ●"), "L", See("line 99"))),
    Place("before a question", ("3",)),
)
EVERYWHERE = (
    Place("the letters to jump to", ("1", "f6", See("jump to"))),
    Place("the messages", ("1", Do(_warn), "f7", See("line 99")), ("j", "ctrl+d"), {"size": (80, 24)}),
    Place("the help", ("question_mark", See("Everywhere")), ("j", "G")),
    Place("the help's filter", ("question_mark", "slash", Write("row"))),
    Place("the welcome", (See("set up the demo"),), setting={"empty": True}),
    Place("all panes at once", ("1",), setting={"size": (200, 50)}),
)
PLACES = (
    # The key of the pane that one is in shows nothing; it is met from another one.
    *(replace(place, later=(*place.later, "app.dataset")) for place in DATASET),
    *(replace(place, later=(*place.later, "app.training")) for place in TRAINING),
    *(replace(place, later=(*place.later, "app.compare")) for place in COMPARE),
    *EVERYWHERE,
)
