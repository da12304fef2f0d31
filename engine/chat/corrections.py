"""Where a corrected answer goes (into a dataset), and a preferred one (into a file of preference pairs)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from data.formats import preference
from data.formats.conversation import Conversation, Preference, Turn
from data.formats.pair import PairError
from data.preferences import Choice, TwoAnswers, preferred
from data.row_append import append_conversation, append_to, edit_file
from data.store import RowStore

CORRECTIONS_FILE = "corrections.jsonl"
"""Takes the corrected answers where no dataset is open."""
PREFERENCES_FILE = "preferences.jsonl"
"""Preference pairs as TRL has them: `prompt`, `chosen`, `rejected`."""
_OF_TURNS = "preferences-chat.jsonl"
"""Those that texts cannot hold, in a file of their own: one column is not texts in one row and lists in the next."""
_JOURNALS = Path(".burnish") / "journals"


@dataclass(frozen=True, slots=True)
class Kept:
    """A row that was added."""

    path: Path
    row_number: int
    """From 1."""
    added: bool = True
    """False for a pair that the file held already."""


def corrected(turns: tuple[Turn, ...], right: str, wrong: str, system: str | None = None) -> Conversation:
    """A conversation that ends in the right answer, the wrong one rejected.

    Formats of one answer write the right one only; those that hold a better and a worse one write both.
    """
    if wrong.strip() in ("", right.strip()):
        return Conversation((*turns, Turn("assistant", right)), 1, system, label=True)
    both = Preference((Turn("assistant", right),), (Turn("assistant", wrong),))
    return Conversation(turns, 1, system, both, label=True)


def keep_correction(workspace: Path, path: Path, correction: Conversation) -> Kept:
    """Add a corrected answer to a dataset in the format of its rows. Raises as `append_conversation`."""
    return Kept(path, append_conversation(path, correction, workspace / _JOURNALS))


def keep_pair(workspace: Path, answers: TwoAnswers, choice: Choice) -> Kept:
    """Add the preference pair of a choice to the workspace's file of pairs; one of the opposite choice is taken out.

    Texts where those say it all, else lists of turns, in the form that the file has. Raises InputError where no pair
    follows from the choice, and as `edit_file`.
    """
    pair = preferred(answers, choice)
    path = workspace / PREFERENCES_FILE
    if not _texts_suffice(pair) and not _holds_lists(path):
        path = workspace / _OF_TURNS

    def replace(store: RowStore) -> Kept:
        assert pair.preference is not None
        opposite = Preference(pair.preference.rejected, pair.preference.chosen)
        for index in range(len(store) - 1, -1, -1):
            said = _pair_of(store, index)
            if said is None or (said.system, said.turns) != (pair.system, pair.turns):
                continue
            if said.preference == pair.preference:
                return Kept(path, index + 1, added=False)
            if said.preference == opposite:
                store.delete(index)
        return Kept(path, append_to(store, pair, preference) + 1)

    return edit_file(path, workspace / _JOURNALS, replace)


def _texts_suffice(pair: Conversation) -> bool:
    return isinstance(preference.write(pair)["chosen"], str)


def _holds_lists(path: Path) -> bool:
    if not path.exists():
        return False
    store = RowStore.open(path)
    try:
        values = store.row(0).values if len(store) else None
        return isinstance((values or {}).get("chosen"), list)
    finally:
        store.close()


def _pair_of(store: RowStore, index: int) -> Conversation | None:
    values = store.row(index).values
    try:
        return preference.conversation(values, index + 1) if values else None
    except PairError:
        return None
