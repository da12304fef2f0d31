"""Real files of each format, where they lie beside the repository: read, converted, and converted back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from data.conversion.plan import plan_conversion
from data.conversion.targets import FORMATS, target_of
from data.conversion.writing import write_conversion
from data.errors import InputError
from data.formats import flan
from data.formats.detect import look
from data.formats.format import Format
from data.store import RowStore
from data.wording import counted

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"
FILES = sorted(path for path in SAMPLES.rglob("*.json*") if path.stat().st_size < 500_000) if SAMPLES.is_dir() else []

pytestmark = pytest.mark.skipif(not FILES, reason="the samples are not here")


def what_is_said(form: Format, values: dict[str, Any] | None) -> list[object]:
    found = form.conversation(values or {}, 1)
    return [found.system, *((turn.role, turn.text, turn.calls) for turn in found.turns), found.preference, found.label]


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(SAMPLES)) for path in FILES])
def test_into_every_format_and_back(path: Path, tmp_path: Path) -> None:
    store = RowStore.open(path)
    store.index_all()
    form = look(store).format
    if form is None:
        store.close()
        pytest.skip("of no format")
    rows = [row.values for row in store.snapshot().rows()]
    for name, target in FORMATS.items():
        new = tmp_path / f"{name}.jsonl"
        plan = plan_conversion(store, form, target_of(new, target))
        assert write_conversion(plan, new) == plan.rows
        if plan.same_text:
            continue
        lines = [json.loads(line) for line in new.read_text("utf-8").splitlines()]
        assert len(lines) == plan.rows
        if plan.lossless and plan.read == plan.rows:
            for row, line in zip(rows, lines, strict=True):
                assert what_is_said(form, row) == what_is_said(target, line), name
    store.close()


@pytest.mark.parametrize("suffix", ["json", "csv", "parquet", "jsonl.gz"])
def test_into_every_kind_of_file_and_back(suffix: str, tmp_path: Path) -> None:
    if suffix == "parquet":
        pytest.importorskip("pyarrow")
    for path in FILES:
        store = RowStore.open(path)
        store.index_all()
        form = look(store).format or flan
        new = tmp_path / f"{path.stem}.{suffix}"
        try:
            plan = plan_conversion(store, form, target_of(new, None))
        except InputError:
            store.close()
            continue  # Parquet holds one type in a column
        write_conversion(plan, new)
        again = RowStore.open(new)
        again.index_all()
        assert counted(len(again)) == counted(plan.rows), path.name
        if plan.lossless:
            rows = [row.values for row in store.snapshot().rows()]
            assert [row.values for row in again.snapshot().rows()] == rows, path.name
        again.close()
        store.close()
