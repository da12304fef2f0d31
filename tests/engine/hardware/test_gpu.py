"""The words of NVIDIA's tool, and a machine that has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.hardware.gpu import GpuLoad, parse_gpus, read_gpus


@pytest.mark.parametrize(
    ("text", "loads"),
    [
        ("97, 64, 210.50\n", (GpuLoad(0.97, 64, 210.5),)),
        ("0, 31, [N/A]\n5, 40, 71.2\n", (GpuLoad(0.0, 31, None), GpuLoad(0.05, 40, 71.2))),
        ("[N/A], [Not Supported], [Unknown Error]\n", (GpuLoad(None, None, None),)),
        ("nan, 31, inf", (GpuLoad(None, 31, None),)),
        ("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n", ()),
        ("", ()),
    ],
)
def test_every_answer_is_understood(text: str, loads: tuple[GpuLoad, ...]) -> None:
    assert parse_gpus(text) == loads


def test_a_machine_without_the_tool_has_no_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read_gpus() == ()


def test_the_tool_is_asked_and_its_failure_is_no_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    tool = tmp_path / "nvidia-smi"
    tool.write_text('#!/bin/sh\necho "12, 40, 55.5"\n')
    tool.chmod(0o755)
    assert read_gpus() == (GpuLoad(0.12, 40, 55.5),)
    tool.write_text("#!/bin/sh\necho broken\nexit 9\n")
    assert read_gpus() == ()


def test_loads_that_only_tremble_are_the_same() -> None:
    load = GpuLoad(0.97, 64, 210)
    assert not load.differs(GpuLoad(0.95, 65, 215))
    assert load.differs(GpuLoad(0.5, 64, 210))
    assert load.differs(GpuLoad(0.97, None, 210))
