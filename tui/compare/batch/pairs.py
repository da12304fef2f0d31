"""Preference pairs of the rows that the table shows."""

from __future__ import annotations

import asyncio
from pathlib import Path

from data.wording import counted
from engine.reports import BatchAdvanced
from tui.compare.batch.keeping import Wanted, kept


async def keep_shown(batch: BatchAdvanced, wanted: Wanted, workspace: Path) -> tuple[str, list[Path]]:
    """Keep a pair of each row of which one of two sides is right and the other wrong.

    Gives what became of it, in a sentence, and the files that were written. Raises BurnishError.
    """
    from engine.chat.corrections import keep_pairs
    from engine.evaluation.pairs import pairs_of

    pairs = pairs_of(kept(batch.rows, wanted), min(wanted.arm, len(batch.batch.arms) - 1))
    if not pairs:
        return "No pair: in none of these rows is one side right and the other one wrong.", []
    done = await asyncio.to_thread(keep_pairs, workspace, pairs)
    paths = list(dict.fromkeys(each.path for each in done))
    added = sum(each.added for each in done)
    known = f"; {len(done) - added:,} known already" if added < len(done) else ""
    return f"{counted(added, 'preference pair')} added to {' and '.join(path.name for path in paths)}{known}.", paths
