"""The demo's five hints: one line above the keys, one for each step of the loop."""

from __future__ import annotations

from textual.widgets import Static

from engine.reports import AnswersAdvanced
from tui.messages import DatasetSaved, RunStarted, ServingWanted

STEPS: tuple[str, ...] = (
    "These pairs teach the model: e edits one, ctrl+s keeps the edit, w saves the file. Then 2.",
    "n opens a new run, filled in for a first try; ctrl+s starts it. It takes a minute or two.",
    "The loss falls, the sample answers change. When the run has finished, v serves both models.",
    "Both models start, one after the other. When both dots are filled: i, a question, enter.",
    "Green agrees with the dataset, red does not. c makes a bad answer a new pair. Round again.",
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
            case AnswersAdvanced() if event.done and not any(answer.error for answer in event.answers):
                self._advance(4)
            case _:
                return

    def entered(self, pane: str) -> None:
        """The person went to a pane: whoever goes on to training has read about editing."""
        if pane == "training":
            self._advance(1)

    def _advance(self, step: int) -> None:
        if step > self.step:
            self.step = step
            self._write()

    def _write(self) -> None:
        self.update(f"{self.step + 1}/{len(STEPS)}  {STEPS[self.step]}  f2 hides")
