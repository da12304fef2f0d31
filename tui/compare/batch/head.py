"""The lines above the table: which batch, how far it is, how often each arm is right, and what may be concluded."""

from __future__ import annotations

from rich.cells import cell_len

from data.wording import counted
from engine.evaluation.summary import ArmTally
from engine.evaluation.wording import share_words, tally_words
from engine.reports import BatchAdvanced
from tui.compare.batch.keeping import Keep, Wanted
from tui.literal import literal
from tui.widgets.bar import bar
from tui.widgets.figures import duration
from tui.widgets.lines import Line, Lines, Part, cut_line, wrapped

_BAR = 10


class BatchHead(Lines):
    """Title with progress; the accuracies; the conclusion, a warning or a fault; what is shown of how many."""

    DEFAULT_CSS = """
    BatchHead { height: 4; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[BatchAdvanced | None, Wanted, int, Part] = (None, Wanted(), 0, ("", ""))

    def show_batch(
        self, batch: BatchAdvanced | None, wanted: Wanted, shown: int, said: str = "", *, fault: bool = False
    ) -> None:
        """Draw the lines; what is `said` of something that the person asked for comes before the conclusion."""
        words = f"{'! ' if fault and said else ''}{literal(said, one_line=True)}"
        self._shown = (batch, wanted, shown, (words, "differs" if fault else "accent"))
        self._draw()

    def on_resize(self) -> None:
        """Fit the lines anew."""
        self._draw()

    def _draw(self) -> None:
        batch, wanted, shown, said = self._shown
        width = self.size.width
        if not width:
            return
        if batch is None:
            lines: list[Line] = [(("evaluations", "title"),), (said,)]
        else:
            words, style = said if said[0] else _conclusion(batch, wanted)
            conclusion: list[Line] = [((line, style),) for line in wrapped(words, width, 2)]
            lines = [_title(batch), _accuracies(batch, width), *conclusion, _kept(batch, wanted, shown)]
        self.styles.height = max(len(lines), 4)
        self.show_lines(tuple(cut_line(line, width) for line in lines))


def _title(batch: BatchAdvanced) -> Line:
    header = batch.batch
    parts: list[Part] = [
        (literal(header.id, one_line=True), "title"),
        (f"  {literal(header.source, one_line=True)}", "dim"),
    ]
    share = batch.answered / max(header.total, 1)
    done = batch.answered == header.total
    if batch.running:
        left = (header.total - batch.answered) / batch.per_second if batch.per_second else None
        parts.append((f"   ▶ {bar(share, _BAR)} {batch.answered:,} of {counted(header.total, 'answer')}", "accent"))
        if batch.per_second:
            parts.append((f"  {batch.per_second:.1f} a second, {duration(left)} left", "dim"))
    else:
        sign, style = ("✓", "agrees") if done else ("■", "differs")
        parts.append((f"   {sign} {batch.answered:,} of {counted(header.total, 'answer')}", style))
    if batch.failed:
        parts.append((f"  ! {batch.failed:,} failed", "disagrees"))
    if not done and not batch.running:
        parts.append(("  c asks what is missing", "dim"))
    return tuple(parts)


def _accuracies(batch: BatchAdvanced, width: int) -> Line:
    """In full where that fits."""
    words = literal("   ".join(map(tally_words, batch.summary.arms)), one_line=True)
    if cell_len(words) > width:
        words = literal("   ".join(map(_short, batch.summary.arms)), one_line=True)
    return ((words, ""),)


def _short(tally: ArmTally) -> str:
    if tally.accuracy is None:
        return f"{tally.arm} –"
    low, high = tally.interval
    return f"{tally.arm} {share_words(tally)} ({low * 100:.0f}–{high * 100:.0f}), {tally.right:,}/{tally.judged:,}"


def _conclusion(batch: BatchAdvanced, wanted: Wanted) -> Part:
    """A sentence and its style."""
    if batch.sentence or batch.warning:
        return f"! {literal(batch.sentence or batch.warning, one_line=True)}", "differs"
    pairs = batch.summary.pairs
    if not pairs:
        return "", ""
    pair = pairs[min(max(wanted.arm, 1), len(pairs)) - 1]
    better = pair.changes.gained > pair.changes.lost
    style = "dim" if not pair.changes.significant else "agrees" if better else "disagrees"
    return literal(pair.sentence, one_line=True), style


def _kept(batch: BatchAdvanced, wanted: Wanted, shown: int) -> Line:
    """What is shown of how many, and how many rows each filter would keep."""
    names = [literal(arm.name, one_line=True) for arm in batch.batch.arms]
    keep = wanted.keep.words(names[0], names[min(wanted.arm, len(names) - 1)])
    of_all = f"{shown:,} of {counted(len(batch.rows))}" if shown != len(batch.rows) else counted(shown)
    parts: list[Part] = [(keep, "accent" if wanted.keep is not Keep.ALL else "dim"), (f"   {of_all}", "dim")]
    if wanted.words:
        parts.append((f"   with {literal(wanted.words, one_line=True)}", "accent"))
    if batch.summary.pairs:
        pair = batch.summary.pairs[wanted.arm - 1]
        tally = batch.summary.arms[wanted.arm]
        counts = f"differ {pair.different:,}  wrong {tally.wrong + tally.unclear:,}  regressions {pair.changes.lost:,}"
        parts.append((f"   {counts}  improved {pair.changes.gained:,}", "dim"))
    return tuple(parts)
