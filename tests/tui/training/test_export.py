"""The chart as a picture and as a table, from the screen and from the command line."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from textual.message import Message

from engine.jobs.events import RunState, Warned, encode
from engine.reports import RunSnapshot
from engine.training.job import TrainingJob, job_text
from tests.tui.host import Host
from tests.tui.training.recording import RecordingEngine
from tests.tui.training.runs import START, listed, run
from tests.waiting import workers_end
from tui.cli import main
from tui.messages import Flashed
from tui.training.curves import RunCurves
from tui.training.export.drawing import Area, Drawing, Words
from tui.training.export.drawing import Path as Line
from tui.training.export.files import drawing_of, export_chart, table_of
from tui.training.export.png import png
from tui.training.export.svg import svg
from tui.training.pane import TrainingPane
from tui.training.picture import Look, Overlaid, chart_content
from tui.widgets.plot import View

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*runs: RunSnapshot, look: Look | None = None, log: bool = False) -> tuple[Drawing, str]:
    signs = "ABCDEFGH" if len(runs) > 1 else [""]
    beside = [Overlaid(RunCurves(each), sign) for each, sign in zip(runs, signs, strict=False)]
    content = chart_content(beside, beside[0].curves, look or Look())
    return drawing_of(content, View(0, content.end, log), runs)


def words(drawing: Drawing) -> list[str]:
    return [shape.text for shape in drawing.shapes if isinstance(shape, Words)]


def test_a_picture_has_curves_axes_a_key_and_events() -> None:
    warned = replace(run(), warnings=(Warned("cut", t=START + 20),))
    drawing, title = drawn(warned)
    assert title == "loss: smollm2-lora-002"
    for text in (title, "train", "held-out", "step", "0", "0.5", "120", "checkpoint", "warning"):
        assert text in words(drawing)
    assert [shape.width for shape in drawing.shapes if isinstance(shape, Line) and len(shape.points) == 118] == [1, 1.8]
    long, _ = drawn(run(5000, 5000))
    assert len([shape for shape in long.shapes if isinstance(shape, Area) and shape.opacity < 1]) == 1
    for shape in drawing.shapes:
        points = (shape.at,) if isinstance(shape, Words) else shape.points
        assert all(-1 <= x <= drawing.width + 1 and -1 <= y <= drawing.height + 1 for x, y in points)


def test_runs_beside_each_other_differ_by_dashes_and_letters() -> None:
    drawing, title = drawn(run(), run(60, run_id="b"), run(30, run_id="c"))
    dashes = {shape.dash for shape in drawing.shapes if isinstance(shape, Line) and shape.width > 1.5}
    assert len(dashes) == 3
    assert {"A", "B", "C"} <= set(words(drawing))
    assert any(text.startswith("A  smollm2-lora-002") for text in words(drawing))
    assert title == "loss: smollm2-lora-002, b, c"


def test_an_svg_is_well_formed_whatever_a_run_is_called() -> None:
    drawing, title = drawn(run(run_id='<b>&"\x1b]'), run(20, run_id="b"))
    tree = ElementTree.fromstring(svg(drawing, title))
    texts = [each.text or "" for each in tree.iter(f"{SVG}text")]
    assert any('<b>&"' in text for text in texts)
    assert len(list(tree.iter(f"{SVG}polyline"))) >= 4


@pytest.mark.parametrize("log", [False, True])
def test_a_png_shows_the_colours_of_the_curves(log: bool) -> None:
    image_module = pytest.importorskip("PIL.Image")
    drawing, _ = drawn(run(), run(60, run_id="b"), log=log)
    image = image_module.open(io.BytesIO(png(drawing)))
    assert image.size == (2 * drawing.width, 2 * drawing.height)
    colours = {colour for _, colour in image.getcolors(1 << 24)}
    for wanted in ((0xB5, 0x65, 0x1D), (0x1F, 0x5F, 0x8B)):
        assert any(math.dist(wanted, colour) < 12 for colour in colours)


def test_a_hundred_thousand_steps_make_a_small_picture() -> None:
    drawing, title = drawn(run(100_000, 100_000))
    assert len(svg(drawing, title)) < 200_000


def test_nothing_measured_and_not_a_number_are_drawn_as_far_as_they_go() -> None:
    for snapshot in (run(0), run(1), run(40, nan_at=range(1, 41)), replace(run(), job=None)):
        drawing, title = drawn(snapshot)
        ElementTree.fromstring(svg(drawing, title))


def test_the_table_has_every_step_and_leaves_empty_what_was_not_measured() -> None:
    rows = list(csv.DictReader(io.StringIO(table_of([run(118, nan_at=[50]), run(5, run_id="b")]))))
    assert len(rows) == 123
    assert rows[29] == {
        "run": "smollm2-lora-002",
        "step": "30",
        "epoch": "1.0000",
        "seconds": "28.00",
        "loss": f"{0.05 + 2 * math.exp(-30 * 5 / 240):.8g}",
        "held-out_loss": f"{0.5 + math.exp(-30 * 5 / 240):.8g}",
        "held-out_accuracy": "",
        "learning_rate": f"{1e-3 * (1 - 30 / 241):.8g}",
        "grad_norm": "0.38",
        "tokens/s": "512.3",
        "memory": f"{2_252_341_248 / 2**30:.8g}",
    }
    assert rows[49]["loss"] == ""
    assert rows[-1]["run"] == "b"


def test_an_export_never_replaces_an_earlier_one(tmp_path: Path) -> None:
    snapshot = run(run_id="../evil name")
    drawing, title = drawn(snapshot)
    first = export_chart(tmp_path, drawing, title, [snapshot])
    second = export_chart(tmp_path, drawing, title, [snapshot])
    assert {path.suffix for path in first} >= {".svg", ".csv"}
    assert not set(first) & set(second)
    assert all(path.parent == tmp_path / "exports" for path in (*first, *second))


async def test_x_writes_what_the_chart_shows_and_says_where(tmp_path: Path) -> None:
    pane = TrainingPane(RecordingEngine(), workspace=tmp_path, id="training")
    messages: list[Message] = []
    async with Host(pane).run_test(size=(120, 36), message_hook=messages.append) as pilot:
        pane.receive(listed(run()))
        pane.receive(run())
        pane.focus_first()
        await pilot.press("x")
        await workers_end(pilot)
        said = [each.text for each in messages if isinstance(each, Flashed)]
        assert said[0].startswith("Exported to exports/smollm2-lora-002-loss (svg,")
        assert (tmp_path / "exports" / "smollm2-lora-002-loss.csv").read_text().count("\n") == 119


def write_run(workspace: Path, snapshot: RunSnapshot) -> None:
    folder = workspace / "runs" / snapshot.run_id
    folder.mkdir(parents=True)
    (folder / "job.toml").write_text(job_text(snapshot.job or TrainingJob()))
    (folder / "events.jsonl").write_bytes(b"".join(map(encode, (*snapshot.progress, *snapshot.evaluations))))


def test_the_command_line_writes_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one-001", "two-001"):
        write_run(tmp_path, run(60, state=RunState.STOPPED, run_id=name))
    target = tmp_path / "chart.svg"
    both = ["runs", "export", "one-001", "two-001", "-C", str(tmp_path)]
    assert main([*both, "--to", str(target), "--series", "held-out loss", "--along", "time", "--log"]) == 0
    texts = [each.text for each in ElementTree.parse(target).iter(f"{SVG}text")]
    assert "held-out loss (log): one-001, two-001" in texts
    assert main([*both, "--to", str(tmp_path / "curve.csv"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["runs"] == ["one-001", "two-001"]
    assert (tmp_path / "curve.csv").read_text().count("\n") == 121


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["one-001", "--to", "chart.gif"], "chart.gif must end in .svg, .png or .csv."),
        (["none-001", "--to", "chart.svg"], "There is no run none-001"),
        (["one-001", "--to", "chart.svg", "--series", "held-out accuracy"], "there is nothing to draw"),
        (["one-001"], "--to"),
    ],
)
def test_what_cannot_be_exported_is_one_sentence(
    words: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_run(tmp_path, run(60, run_id="one-001"))
    assert main(["runs", "export", *words, "-C", str(tmp_path)]) == 2
    assert sentence in capsys.readouterr().err
