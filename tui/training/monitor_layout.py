"""Where the parts of the monitor stand, by the size of the pane."""

from __future__ import annotations

from dataclasses import dataclass

from tui.training.progress_figures import WIDTH as FIGURES_WIDTH

RUNS_WIDTH = 30
WIDE = RUNS_WIDTH + FIGURES_WIDTH + 40
"""Columns from which runs, chart and figures stand side by side."""
MEDIUM = FIGURES_WIDTH + 30
"""Columns from which chart and figures stand side by side."""


@dataclass(frozen=True, slots=True)
class MonitorLayout:
    """A grid in Textual's words."""

    wide: bool
    """Whether the runs stand beside the chart and not above it."""
    columns: str
    rows: str
    air: int
    """Empty lines above each block."""

    @property
    def across(self) -> int:
        """How many columns there are."""
        return len(self.columns.split())


def layout_for(width: int, height: int, runs: int) -> MonitorLayout:
    """Side by side where there is room, else the runs above; heights by what is left."""
    listed = min(max(runs, 1), 2 if height < 30 else 4)
    log = 1 if height < 18 else 2 if height < 24 else 3
    samples = 3 if height < 18 else 4 if height < 24 else max(5, height // 4)
    # A line of air above each block where there are lines to spare.
    air = int(height >= 28)
    log, samples = log + air, samples + air
    if width >= WIDE:
        return MonitorLayout(True, f"{RUNS_WIDTH} 1fr {FIGURES_WIDTH}", f"1fr {samples} {log}", air)
    if width >= MEDIUM:
        return MonitorLayout(False, f"1fr {FIGURES_WIDTH}", f"{listed} 1fr {samples} {log}", air)
    return MonitorLayout(False, "1fr", f"{listed} 1fr 5 {samples} {log}", air)
