"""The compare pane: one question to several models, and the facts in which their answers differ."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from engine.engine import Engine
from engine.reports import AnswersAdvanced, BatchAdvanced, Report
from tui.compare.arm_state import server_of
from tui.compare.arranging import Arranging
from tui.compare.choosing import Choosing
from tui.compare.judging import Judging
from tui.compare.keys import BINDINGS
from tui.compare.reading import Reading
from tui.messages import ServingWanted

if TYPE_CHECKING:
    from tui.compare.batch.screen import BatchScreen

_WHILE_VOTING = ("move", "page")
"""What can be done while a vote is asked for: read the answers to their end."""
SURE_SECONDS = 5.0
"""How long the first x waits for the second."""


class ComparePane(Arranging, Choosing, Judging, Reading, can_focus=True):
    """Asks all arms the same, shows the answers as they stream, and marks their facts."""

    TITLE = "Compare"
    BINDINGS: ClassVar[list[BindingType]] = BINDINGS
    LATER = (
        ("tui.dataset.ask_panel", "AskPanel"),
        ("tui.compare.arms_list", "ArmsList"),
        ("tui.compare.choice_list", "ChoiceList"),
        ("tui.compare.batch.screen", "BatchScreen"),
        ("tui.compare.batch.row_table", "BatchTable"),
        ("tui.compare.batch.batch_list", "BatchList"),
        ("tui.compare.batch.search_line", "SearchLine"),
        ("tui.compare.correction", "CorrectionForm"),
    )

    DEFAULT_CSS = """
    ComparePane {
        padding: 0 1;
    }
    ComparePane #prompt {
        height: 1;
    }
    ComparePane.-panel > AnswerArea, ComparePane.-panel > #prompt, ComparePane.-panel > Notice {
        display: none;
    }
    ComparePane #prompt-sign {
        width: 2;
        color: $text-muted;
    }
    ComparePane #prompt:focus-within #prompt-sign {
        color: $accent;
        text-style: bold;
    }
    """

    def __init__(self, engine: Engine, *, workspace: Path, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(engine, workspace=workspace, id=id)
        self._stop_pressed = -SURE_SECONDS
        self._evaluations: BatchScreen | None = None
        """The screen of the evaluations while it is shown."""

    def compose(self) -> ComposeResult:
        """A banner, the question with its answers and their facts, the prompt line."""
        yield self.notice
        yield self.area
        yield self.votes
        with Horizontal(id="prompt"):
            yield Static("> ", id="prompt-sign", markup=False)
            yield self.prompt
            yield self.settings_line

    def on_mount(self) -> None:
        """Take the workspace's arms and settings; say what to do, before anything is known."""
        self.read_files()
        self.draw()

    def on_resize(self) -> None:
        """The settings are named in full where there is room."""
        self.draw()

    def receive(self, report: Report) -> None:
        """Take note of answers, servers, runs and tasks."""
        if isinstance(report, AnswersAdvanced):
            self.show_conversation(self.conversation.after(report))
            return
        if isinstance(report, BatchAdvanced):
            self._receive_batch(report)
            return
        serving = self.serving.after(report)
        if serving != self.serving:
            self.serving = serving
            self.draw()

    def _receive_batch(self, batch: BatchAdvanced) -> None:
        """Hand it to the screen of the evaluations; where that is closed, say when it ends."""
        if self._evaluations is not None:
            self._evaluations.receive(batch)
        elif not batch.running:
            said = batch.sentence or f"Evaluation {batch.batch.id} is done."
            self.flash(f"{said} B shows it.", "warning" if batch.sentence else "information")

    def focus_first(self) -> None:
        """The pane itself, so that its keys work at once; an open panel or an open vote keeps the keyboard."""
        self.take_keyboard()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the keys of what cannot be done now."""
        if self.panel_open:
            return False
        if self.votes.has_focus:
            return action in _WHILE_VOTING
        exchange, serving = self.exchange, self.serving
        match action:
            case "pick":
                return self.askable and self.dataset is not None
            case "stop":
                return exchange.streaming
            case "stop_one":
                return any(not answer.done for answer in exchange.answers[exchange.focused : exchange.focused + 1])
            case "again":
                return exchange.report is not None and not exchange.streaming and self.askable
            case "edit":
                return exchange.report is not None
            case "follow":
                return exchange.has_text and not exchange.streaming
            case "next":
                return self.askable and (self._held_out if parameters == ("held-out",) else self._rows) is not None
            case "serve":
                return serving.servable is not None
            case "stop_servers":
                return serving.up
            case "log":
                return bool(serving.logged)
            case "correct" | "vote" | "pair" | "history":
                return self.can_judge(action, parameters)
            case "fact":
                return exchange.selected is not None if parameters == (0,) else bool(exchange.rows)
            case "focus_arm":
                return len(self.shown_arms) > 1
            case "sample":
                return exchange.report is not None and len(exchange.report.samples) > 1
            case "turn":
                return len(self.conversation.turns) > 1
            case "copy" | "words" | "plain":
                return exchange.has_text
            case _:
                return True

    # -- keys for what happens elsewhere ------------------------------------------------------------------------------

    @work(exclusive=True, group="evaluations", description="look at the evaluations until a row is chosen")
    async def action_evaluate(self) -> None:
        """Show the evaluations; a row that is chosen there is asked here."""
        from tui.compare.batch.chat_question import chat_question
        from tui.compare.batch.screen import BatchScreen

        self._evaluations = BatchScreen(self.engine, self.workspace)
        try:
            row = await self.app.push_screen_wait(self._evaluations)
        finally:
            self._evaluations = None
        if row is not None:
            self.send(chat_question(row, self.arms, self.settings.sampling))

    def action_serve(self) -> None:
        """Serve the newest finished run."""
        if (run_id := self.serving.servable) is not None:
            self.post_message(ServingWanted(run_id))

    def action_log(self) -> None:
        """Read the log of the side in focus, or of a server that failed."""
        from tui.compare.server_log import ServerLogScreen

        servers = self.serving.logged
        arms = self.shown_arms[self.exchange.focused : self.exchange.focused + 1]
        own = [server_of(arm, self.serving) for arm in arms]
        failed = servers[0].state in ("failed", "gone")
        place = next((at for at, server in enumerate(servers) if not failed and server in own), 0)
        self.app.push_screen(ServerLogScreen(servers, place))

    def action_stop_servers(self) -> None:
        """Stop both servers at the second press."""
        if monotonic() - self._stop_pressed < SURE_SECONDS:
            self._stop_pressed = -SURE_SECONDS
            self.engine.stop_servers()
            self.flash("Stopping both servers.", "information")
        else:
            self._stop_pressed = monotonic()
            self.flash("Press x again to stop both servers.", "warning")
