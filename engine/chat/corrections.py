"""Where a corrected answer goes (into a dataset), and a preferred one (into a file of preference pairs)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
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
    """Add the preference pair of a choice to the workspace's file of pairs. Raises as `preferred` and `keep_pairs`."""
    (kept,) = keep_pairs(workspace, [preferred(answers, choice)])
    return kept


def keep_pairs(workspace: Path, pairs: Sequence[Conversation]) -> list[Kept]:
    """Add preference pairs to the workspace's file of pairs, each once; pairs of the opposite choice are taken out.

    Texts where those say it all, else lists of turns, in the form that the file has. Raises as `edit_file`; pairs that
    go into the first of two files stay there then.
    """
    path, of_turns = workspace / PREFERENCES_FILE, workspace / _OF_TURNS
    whole = _holds_lists(path)
    paths = [path if whole or _texts_suffice(pair) else of_turns for pair in pairs]
    found: dict[int, Kept] = {}
    for file in dict.fromkeys(paths):
        places = [place for place, each in enumerate(paths) if each == file]
        wanted = [pairs[place] for place in places]
        kept = edit_file(file, workspace / _JOURNALS, partial(_add_pairs, pairs=wanted, path=file))
        found |= dict(zip(places, kept, strict=True))
    return [found[place] for place in range(len(pairs))]


def _add_pairs(store: RowStore, pairs: Sequence[Conversation], path: Path) -> list[Kept]:
    there: dict[object, list[tuple[int, Preference]]] = {}
    for index in range(len(store)):
        said = _pair_of(store, index)
        if said is not None and said.preference is not None:
            there.setdefault(_asked(said), []).append((index, said.preference))
    known: dict[int, int] = {}
    dropped: set[int] = set()
    for place, pair in enumerate(pairs):
        assert pair.preference is not None
        opposite = Preference(pair.preference.rejected, pair.preference.chosen)
        beside = there.get(_asked(pair), [])
        dropped |= {index for index, found in beside if found == opposite}
        same = next((index for index, found in beside if found == pair.preference), None)
        if same is not None:
            known[place] = same
    with store.together("add preference pairs"):
        for index in sorted(dropped, reverse=True):
            store.delete(index)
        return [
            Kept(path, known[place] + 1 - sum(index < known[place] for index in dropped), added=False)
            if place in known
            else Kept(path, append_to(store, pair, preference) + 1)
            for place, pair in enumerate(pairs)
        ]


def _asked(said: Conversation) -> object:
    return said.system, tuple((turn.role, turn.text) for turn in said.turns)


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
