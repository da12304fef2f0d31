"""The frame is painted at once; the panes come in it when their imports are done."""

from __future__ import annotations

import asyncio
import gc
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

from textual import work

from tui.between_panes import TalkingPanesApp
from tui.dataset.slices import Slices

_LATER = ("tui.training.pane", "tui.compare.pane", "tui.guide", "tui.question_round", "engine.models.tokenizer")

_ROWS_LATE = 0.5
"""Seconds after which the other panes come although no row is drawn: there may be none."""


class FillingApp(TalkingPanesApp):
    """Mounts the dataset pane first, and the others once its rows are there. The engine starts after that."""

    def __init__(self, workspace: Path, *, dataset: Path | None, guided: bool, model: str | None) -> None:
        super().__init__(workspace)
        self._dataset_to_open = dataset
        self._guided = guided
        self._model = model
        self._first: Path | None = None
        """The dataset that is opened at the start."""
        self._filled = False
        self._starting = ExitStack()
        """Held until all panes are there: a large file is counted after that."""

    def on_mount(self) -> None:
        """Fill in the panes once the frame is on the screen."""
        self.call_after_refresh(self._fill)

    def on_unmount(self) -> None:
        """Stop the engine's thread; nothing else ends with the screen."""
        self._starting.close()
        self.engine.close()

    async def _fill(self) -> None:
        """Mount the dataset pane and open the dataset: what a person looks at first."""
        from tui.dataset.pane import DatasetPane
        from tui.workspace import first_dataset

        self._starting.enter_context(Slices.waited_for())
        dataset = DatasetPane(self.engine, workspace=self.workspace, id="dataset")
        await self.query_one("#panes").mount(dataset)
        chosen = self._dataset_to_open or first_dataset(self.workspace)
        if chosen is not None:
            dataset.open_file(chosen)
        self.action_pane("dataset")
        self._first = chosen
        self.set_timer(_ROWS_LATE, self._start_filling_rest)

    def on_row_table_rows_drawn(self) -> None:
        """The rows are there: now everything else may come."""
        self._start_filling_rest()

    def _start_filling_rest(self) -> None:
        if not self._filled:
            self._filled = True
            self.call_after_refresh(self._fill_rest, self._first)

    @work(description="mount the other panes")  # not in the screen's own queue, through which keys go
    async def _fill_rest(self, dataset: Path | None) -> None:
        """Mount the other panes and the lines that are not always there, and start the engine."""
        for module in _LATER:  # 0.3 s of imports, in a thread so that keys come between
            await asyncio.to_thread(import_module, module)
        from engine.models.tokenizer import Tokenizing
        from tui.compare.pane import ComparePane
        from tui.guide import Guide
        from tui.question_round import QuestionRound
        from tui.training.pane import TrainingPane
        from tui.widgets.strip import TrainingStrip

        training = TrainingPane(self.engine, workspace=self.workspace, id="training")
        compare = ComparePane(self.engine, workspace=self.workspace, id="compare")
        self._questions = (QuestionRound(), QuestionRound(held_out=False))
        compare.set_reference_lookup(self._dataset.row_for)
        compare.set_dataset(self._dataset)
        compare.set_questions(*(each.next for each in self._questions))
        await self.query_one("#panes").mount(training, compare)
        await self.mount(Guide(shown=self._guided), TrainingStrip(), before=self.flash_line)
        if not self.query(Guide):
            return  # the screen has ended meanwhile, and takes nothing any more
        if self._model is not None:
            training.propose_model(self._model)
        told, self._early = self._early, []
        for early in told:
            self._tell_dataset(early)
        if self._wanted_pane == "dataset":  # and a person may be typing there by now
            self._guide.entered("dataset")
        else:
            self.action_pane(self._wanted_pane)
        self.engine.start()
        self._dataset.trained_with(Tokenizing(self._model) if self._model is not None else None)
        self._starting.close()
        if dataset is None:
            from tui.welcome import WelcomeScreen

            self.push_screen(WelcomeScreen(self.workspace), self._welcomed)
        await self._panes_stand()
        # What stands now stays: without this it is looked through for garbage again and again, 70 ms each time.
        gc.freeze()

    async def _panes_stand(self) -> None:
        """Called when everything is on the screen and the engine runs."""

    def _welcomed(self, demo: Path | None) -> None:
        """The person took the demo's dataset, or will open a file of their own."""
        if demo is not None:
            self._dataset.open_file(demo)
            self._guide.show()
