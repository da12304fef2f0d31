"""What panes say to each other, through the app above them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual import on

from tui.messages import (
    DatasetOpened,
    DatasetSaved,
    FileWritten,
    QuestionChosen,
    RunStarted,
    ServingWanted,
    TrainingPlanned,
)
from tui.pane_app import PaneApp

if TYPE_CHECKING:
    from tui.question_round import QuestionRound


class TalkingPanesApp(PaneApp):
    """Takes what one pane says to the others that it concerns."""

    def __init__(self, workspace: Path) -> None:
        super().__init__(workspace)
        self._early: list[DatasetOpened | DatasetSaved] = []
        """What the dataset pane said before the others were there."""
        self._questions: tuple[QuestionRound, ...] = ()
        """Those that the compare pane asks by itself: held-out rows, and all rows."""

    @on(DatasetOpened)
    @on(DatasetSaved)
    def _tell_dataset(self, message: DatasetOpened | DatasetSaved) -> None:
        from tui.workspace import remember_dataset

        if not self.query("Guide"):
            self._early.append(message)
            return
        self._training.dataset_opened(message.path, message.rows)
        for questions in self._questions:
            questions.follow(message.path)
        self._compare.dataset_opened(message.path)
        remember_dataset(self.workspace, message.path)
        self._guide.receive(message)

    @on(FileWritten)
    def _show_written(self, message: FileWritten) -> None:
        self._dataset.file_written(message.path)

    @on(QuestionChosen)
    def _ask_about(self, message: QuestionChosen) -> None:
        self.action_pane("compare")
        self._compare.ask(message.question, message.reference, message.row_number)

    @on(RunStarted)
    def _run_started(self, message: RunStarted) -> None:
        self._guide.receive(message)

    @on(TrainingPlanned)
    def _count_tokens(self, message: TrainingPlanned) -> None:
        from engine.models.tokenizer import Tokenizing

        self._dataset.trained_with(Tokenizing(message.model, message.max_length))

    @on(ServingWanted)
    def _serve(self, message: ServingWanted) -> None:
        self.engine.serve(message.run_id)
        self.action_pane("compare")
        self._guide.receive(message)
