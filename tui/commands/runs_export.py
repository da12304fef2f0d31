"""`burnish runs export`: a chart of some runs as a picture, or their numbers as a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import BurnishError, InputError
from tui.commands.parser import Parser, print_json, workspace_option

if TYPE_CHECKING:
    from engine.reports import RunSnapshot
    from tui.training.export.drawing import Drawing

_ENDINGS = (".svg", ".png", ".csv")
_SERIES = ("loss", "held-out loss", "held-out accuracy", "learning rate", "grad norm", "tokens/s", "memory")


def run(words: list[str]) -> int:
    """Write one file; its ending says what."""
    parser = Parser(
        prog="burnish runs export",
        description="Write a chart of runs (.svg, .png) or the values of all their steps (.csv).",
    )
    parser.add_argument("run", nargs="+", help="runs' ids, as `burnish runs` lists them")
    parser.add_argument("--to", type=Path, required=True, metavar="FILE", help="chart.svg, chart.png or curve.csv")
    parser.add_argument("--series", choices=_SERIES, default="loss", help="what the chart shows (default: loss)")
    parser.add_argument("--along", choices=["step", "epoch", "time"], default="step", help="the axis below")
    parser.add_argument("--smoothing", choices=["no", "light", "normal", "strong"], default="normal")
    parser.add_argument("--log", action="store_true", help="logarithmic values")
    workspace_option(parser)
    arguments = parser.parse_args(words)
    target: Path = arguments.to
    if target.suffix.lower() not in _ENDINGS:
        raise InputError(f"{target.name} must end in .svg, .png or .csv.")
    from engine.training.control import RunControl
    from tui.commands.run_summary import snapshot_of

    control = RunControl(arguments.workspace)
    runs = [snapshot_of(control.folder(each)) for each in dict.fromkeys(arguments.run)]
    if target.suffix.lower() == ".csv":
        from tui.training.export.files import table_of

        content: str | bytes = table_of(runs)
    else:
        drawing, title = _drawing(runs, arguments.series, arguments.along, arguments.smoothing, arguments.log)
        content = _picture(drawing, title, target)
    from data.atomic import write_atomically

    write_atomically(target, content)
    if arguments.json:
        print_json({"file": str(target.resolve()), "runs": [each.run_id for each in runs]})
    else:
        print(f"Wrote {target}.")
    return 0


def _drawing(runs: list[RunSnapshot], series: str, along: str, smoothing: str, log: bool) -> tuple[Drawing, str]:
    from tui.training.curves import RunCurves
    from tui.training.export.files import drawing_of
    from tui.training.measures import MEASURES
    from tui.training.picture import SIGNS, Look, Overlaid, chart_content
    from tui.widgets.across import UNITS
    from tui.widgets.plot import View

    if len(runs) > len(SIGNS):
        raise InputError(f"A chart holds {len(SIGNS)} runs; name fewer.")
    measure = next(each for each in MEASURES if each.name == series)
    look = Look(measure, next(each for each in UNITS if each == along), smoothing)
    beside = [Overlaid(RunCurves(each), SIGNS[index] if len(runs) > 1 else "") for index, each in enumerate(runs)]
    content = chart_content(beside, beside[0].curves, look)
    if not any(len(curve.series) for curve in content.curves):
        raise InputError(f"{runs[0].run_id}: {content.empty}, so there is nothing to draw.")
    return drawing_of(content, View(0.0, content.end, log), runs)


def _picture(drawing: Drawing, title: str, target: Path) -> str | bytes:
    from tui.training.export.files import png_of
    from tui.training.export.svg import svg

    if target.suffix.lower() == ".svg":
        return svg(drawing, title)
    picture = png_of(drawing)
    if picture is None:
        raise BurnishError("A PNG needs Pillow (`pip install pillow`); an SVG does not.")
    return picture
