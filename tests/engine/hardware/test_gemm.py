"""The rate of matrix products is measured, and the highest one kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.hardware.gemm import gemm_rate, measure_gemm

POCKET_CALCULATOR = 1e6
"""Operations a second that whatever runs this test exceeds."""


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "burnish" / "gemm.json"


def test_the_highest_rate_counts(kept: Path) -> None:
    measured = gemm_rate("cpu", "fp32")
    assert measured > POCKET_CALCULATOR
    (key,) = json.loads(kept.read_bytes())
    kept.write_text(json.dumps({key: 1e30, "another machine": 1e31}))
    assert gemm_rate("cpu", "fp32") == 1e30
    assert json.loads(kept.read_bytes()) == {key: 1e30, "another machine": 1e31}


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"a": "x"}', b'{"a": null}'])
def test_a_broken_file_is_written_anew(kept: Path, content: bytes) -> None:
    kept.parent.mkdir()
    kept.write_bytes(content)
    rate = gemm_rate("cpu", "fp32")
    assert list(json.loads(kept.read_bytes()).values()) == [rate]


def test_a_rate_that_cannot_be_kept_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "burnish").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert gemm_rate("cpu", "fp32") > POCKET_CALCULATOR


def test_both_types_are_measured() -> None:
    assert measure_gemm("cpu", "bf16", side=64) > POCKET_CALCULATOR
