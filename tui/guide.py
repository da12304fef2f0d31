"""The demo's five hints: one line above the keys, one for each step of the loop."""

from __future__ import annotations

from textual.widgets import Static

from engine.reports import AnswersAdvanced
from tui.messages import DatasetSaved, RunStarted, ServingWanted

STEPS: tuple[str, ...] = (
    "These pairs teach the model. Press e to edit one, ctrl+s to keep the edit, w to save the file. Then press 2.",
    "Press n for a new run: the form is filled in for a first try. ctrl+s starts it (about a minute).",
    "Watch the loss fall and the sample answers change. When the run has finished, press v to serve both models.",
    "The base and the tuned model start, one after the other (about a minute). Press i, type a question, enter.",
    "Green agrees with the dataset, red does not. c turns a bad answer into a new pair. Around the loop again.",
)


class Guide(Static):
    """Shows the hint of the step that the person is at; follows what they do, hidden with f2."""

    DEFAULT_CSS = """
    Guide { height: auto; max-height: 2; padding: 0 1; color: $info; display: none; }
    Guide.-shown { display: block; }
    """

    def __init__(self, *, shown: bool) -> None:
        super().__init__(markup=False)
        self.set_class(shown, "-shown")
        self.step = 0

    def on_mount(self) -> None:
        """Write the first hint."""
        self._write()

    def show(self) -> None:
        """Show the hints."""
        self.add_class("-shown")

    def toggle(self) -> None:
        """Hide the hints, or show them again."""
        self.toggle_class("-shown")

    def receive(self, event: DatasetSaved | RunStarted | ServingWanted | AnswersAdvanced | object) -> None:
        """Go on to the next step when what happened belongs to one; never back."""
        match event:
            case DatasetSaved():
                self._advance(1)
            case RunStarted():
                self._advance(2)
            case ServingWanted():
                self._advance(3)
            case AnswersAdvanced() if event.base.done and event.tuned.done and not event.tuned.error:
                self._advance(4)
            case _:
                return

    def _advance(self, step: int) -> None:
        if step > self.step:
            self.step = step
            self._write()

    def _write(self) -> None:
        self.update(f"{self.step + 1}/{len(STEPS)}  {STEPS[self.step]}  (f2 hides)")
