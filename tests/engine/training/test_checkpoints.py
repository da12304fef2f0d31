"""A checkpoint that is not whole is never taken for one."""

from __future__ import annotations

from pathlib import Path

from engine.training.checkpoints import FOLDER, PARTIAL, checkpoints, latest_checkpoint, rotate, seal, size_of, whole


def write_checkpoint(run: Path, step: int) -> Path:
    """A sealed checkpoint of two files."""
    partial = run / FOLDER / PARTIAL / f"checkpoint-{step}"
    partial.mkdir(parents=True)
    (partial / "weights.bin").write_bytes(b"w" * 100)
    (partial / "optimizer").mkdir()
    (partial / "optimizer" / "state.bin").write_bytes(b"s" * 50)
    final = run / FOLDER / partial.name
    seal(partial, final)
    return final


def test_sealed_checkpoints_are_listed_by_step(tmp_path: Path) -> None:
    assert latest_checkpoint(tmp_path) is None
    for step in (100, 20, 3):
        write_checkpoint(tmp_path, step)
    assert [path.name for path in checkpoints(tmp_path)] == ["checkpoint-3", "checkpoint-20", "checkpoint-100"]
    latest = latest_checkpoint(tmp_path)
    assert latest is not None
    assert latest.name == "checkpoint-100"
    assert size_of(latest) >= 150


def test_a_torn_checkpoint_is_passed_over(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, 1)
    shorter, without_file, without_list = (write_checkpoint(tmp_path, step) for step in (2, 3, 4))
    (shorter / "weights.bin").write_bytes(b"w" * 99)
    (without_file / "optimizer" / "state.bin").unlink()
    (without_list / "complete.json").unlink()
    unreadable = write_checkpoint(tmp_path, 5)
    (unreadable / "complete.json").write_text("{")
    partial = tmp_path / FOLDER / PARTIAL / "checkpoint-6"
    partial.mkdir(parents=True)
    (partial / "weights.bin").write_bytes(b"w")
    assert not any(map(whole, (shorter, without_file, without_list, unreadable, partial)))
    assert [path.name for path in checkpoints(tmp_path)] == ["checkpoint-1"]


def test_rotation_keeps_the_newest_whole_ones(tmp_path: Path) -> None:
    for step in (1, 2, 3, 4):
        write_checkpoint(tmp_path, step)
    (tmp_path / FOLDER / "checkpoint-4" / "weights.bin").unlink()
    rotate(tmp_path, 2)
    assert sorted(path.name for path in (tmp_path / FOLDER).iterdir()) == ["checkpoint-2", "checkpoint-3"]


def test_a_checkpoint_of_the_same_step_is_replaced(tmp_path: Path) -> None:
    first = write_checkpoint(tmp_path, 7)
    (first / "weights.bin").unlink()
    assert whole(write_checkpoint(tmp_path, 7))
