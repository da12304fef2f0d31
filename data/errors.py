"""The one exception type whose message is meant for a person."""

from __future__ import annotations


class BurnishError(Exception):
    """Something went wrong that one sentence can explain: what happened, where, and what to do next.

    Raised at the seam where the cause is known; shown by the one handler of the screen, or printed by the command line
    (exit code 1, or 2 for `InputError`).
    """

    def __init__(self, sentence: str, *, title: str = "That did not work") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        """The sentence shown to the person, ending in a full stop."""
        self.title = title
        """Three or four words for a heading."""


class InputError(BurnishError):
    """The person gave something that cannot be used (a file, an option, a job); the command line exits with code 2."""

    def __init__(self, sentence: str, *, title: str = "Cannot use that") -> None:
        super().__init__(sentence, title=title)
