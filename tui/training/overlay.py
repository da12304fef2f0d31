"""Which runs the chart shows, what is known of them in full, and how they are looked at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from engine.reports import RunSnapshot
from tui.training.curves import SMOOTHINGS, RunCurves
from tui.training.picture import SIGNS, Look, Overlaid, chart_content, next_look, next_unit
from tui.widgets.chart import ChartContent


class Overlay:
    """The chosen run and those that were marked to lie beside it; a mark stays until it is taken away."""

    def __init__(self) -> None:
        self.look = Look()
        self.marked: dict[str, str] = {}
        """The sign of each marked run, by its id."""
        self._chosen: str | None = None
        self._curves: dict[str, RunCurves] = {}

    def choose(self, run_id: str | None) -> None:
        """Look at this run, and forget the one before unless it is marked."""
        self._chosen = run_id
        self._forget()

    def toggle(self, run_id: str) -> bool:
        """Mark a run, or take its mark away; False when there are no signs left."""
        if run_id in self.marked:
            del self.marked[run_id]
            self._forget()
            return True
        sign = self._free_sign()
        if sign:
            self.marked[run_id] = sign
        return bool(sign)

    def clear(self) -> None:
        """Take all marks away."""
        self.marked.clear()
        self._forget()

    def keep(self, listed: Collection[str]) -> None:
        """Drop what is known of runs that are no more."""
        for gone in self.marked.keys() - set(listed):
            del self.marked[gone]
        self._forget()

    def receive(self, run: RunSnapshot) -> None:
        """Take note of a run in full, where it is shown."""
        if run.run_id not in self.shown:
            return
        if run.run_id in self._curves:
            self._curves[run.run_id].update(run)
        else:
            self._curves[run.run_id] = RunCurves(run)

    @property
    def shown(self) -> list[str]:
        """The runs in the chart: those marked, in the order of their signs, and the chosen one."""
        marked = sorted(self.marked, key=lambda run_id: self.marked[run_id])
        return marked if self._chosen is None or self._chosen in self.marked else [*marked, self._chosen]

    @property
    def chosen(self) -> RunCurves | None:
        """The chosen run; None until it is known in full."""
        return self._curves.get(self._chosen) if self._chosen is not None else None

    @property
    def signs(self) -> dict[str, str]:
        """The sign of every run in the chart where there are several; the chosen one has the next free sign."""
        shown = self.shown
        if len(shown) < 2:
            return dict(self.marked)
        return {run_id: self.marked.get(run_id) or self._free_sign() or "·" for run_id in shown}

    def runs(self) -> list[Overlaid]:
        """The runs in the chart that are known in full."""
        signs = self.signs if len(self.shown) > 1 else {}
        return [
            Overlaid(self._curves[run_id], signs.get(run_id, "")) for run_id in self.shown if run_id in self._curves
        ]

    def content(self) -> ChartContent:
        """What the chart shows."""
        chosen = self.chosen
        if chosen is None:
            return ChartContent(self.look.measure.name, empty="reading the run's steps")
        return chart_content(self.runs(), chosen, self.look)

    def next_measure(self, by: int) -> None:
        """Show the next kind of value that some run has."""
        self.look = next_look(self.look, [each.curves for each in self.runs()], by)

    def next_unit(self) -> None:
        """Show the runs along another axis."""
        self.look = replace(self.look, unit=next_unit(self.look.unit))

    def next_smoothing(self) -> None:
        """Smooth more; after the strongest not at all."""
        names = list(SMOOTHINGS)
        self.look = replace(self.look, smoothing=names[(names.index(self.look.smoothing) + 1) % len(names)])

    def _free_sign(self) -> str:
        used = set(self.marked.values())
        return next((sign for sign in SIGNS if sign not in used), "")

    def _forget(self) -> None:
        wanted = set(self.shown)
        for run_id in self._curves.keys() - wanted:
            del self._curves[run_id]
