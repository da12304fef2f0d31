"""Messages that cross from one pane to another, or from the engine to the screen."""

from __future__ import annotations

from pathlib import Path

from textual.message import Message


class EngineWoke(Message):
    """The engine has something new; the app takes everything that waits at once."""

    def can_replace(self, message: Message) -> bool:
        """One pending wake-up is enough."""
        return isinstance(message, EngineWoke)


class Flashed(Message):
    """One line for the person, shown above the footer until the next key or a few seconds."""

    def __init__(self, text: str, *, severity: str = "information", log: Path | None = None) -> None:
        super().__init__()
        self.text = text
        self.severity = severity
        """"information", "warning" or "error"."""
        self.log = log
        """Where the details are, if it is known."""


class FaultShown(Message):
    """A fault stands in a line of its own, and is to be read again among the messages."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class QuestionChosen(Message):
    """A question of the dataset is to be asked of both models."""

    def __init__(self, question: str, reference: str, row_number: int) -> None:
        super().__init__()
        self.question = question
        self.reference = reference
        self.row_number = row_number
        """Counted from 1."""


class FileWritten(Message):
    """burnish added rows to a file of the workspace; who shows it may show them."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path


class DatasetOpened(Message):
    """The dataset pane shows a file now."""

    def __init__(self, path: Path, rows: int) -> None:
        super().__init__()
        self.path = path
        self.rows = rows


class DatasetSaved(Message):
    """The dataset's edits are on disk."""

    def __init__(self, path: Path, rows: int) -> None:
        super().__init__()
        self.path = path
        self.rows = rows


class RunStarted(Message):
    """A training run was started from the form."""

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self.run_id = run_id


class TrainingPlanned(Message):
    """The form of a new run names another model or another maximum length, and both can be used."""

    def __init__(self, model: str, max_length: int) -> None:
        super().__init__()
        self.model = model
        self.max_length = max_length


class ServingWanted(Message):
    """The base model and this run's model are to be served."""

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self.run_id = run_id
