"""What a dataset amounts to, as lines."""

from __future__ import annotations

from data.statistics import Statistics, drawn
from data.wording import counted
from tui.dataset.columns import Format
from tui.literal import literal
from tui.widgets.lines import Line


def statistics_lines(found: Statistics, form: Format, width: int, model: str) -> list[Line]:
    """The figures and a histogram of lengths; `model`: whose tokens were counted, empty for characters."""
    lines: list[Line] = [
        _line("format", f"{form.name}: {literal(form.evidence, one_line=True)}"),
        _line("rows", f"{found.rows:,}"),
        _line("questions", f"{found.questions:,} different ones"),
    ]
    if found.unusable:
        where = f", the first is row {found.first_unusable}: {literal(found.reason, one_line=True)}"
        lines.append(_line("unusable", f"{counted(found.unusable)}{where}", "disagrees"))
    turns = ", ".join(f"{rows:,} × {count}" for count, rows in list(found.turns.items())[:8])
    if turns:
        lines.append(_line("turns", turns))
    lengths = found.lengths
    if lengths is None:
        return lines
    unit = f"{lengths.unit}{f' of {model}, chat template included' if model and lengths.unit == 'tokens' else ''}"
    lines += [
        (),
        _line(lengths.unit, f"{lengths.total:,} in {counted(lengths.rows)}"),
        _line("median", f"{lengths.median:,}"),
        _line("95th percentile", f"{lengths.most:,}"),
        _line("longest", f"{lengths.longest:,} (row {lengths.longest_row:,})"),
        (),
        ((f"  {unit}, rows", "dim"),),
    ]
    lines += [((f"  {line}", "info"),) for line in drawn(lengths.histogram, min(width - 4, 90))]
    return lines


def _line(label: str, text: str, style: str = "") -> Line:
    return ((f"  {label:<16}", "dim"), (text, style))
