"""Presets: job files of the package that a person copies and changes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from data.bundled import BUNDLED, bundled_path
from data.errors import InputError
from engine.training.job import TrainingJob, read_job

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Preset:
    """One job file of the package."""

    name: str
    description: str
    """What it trains, how, and on what machine: the comment at its beginning, on one line."""
    job: TrainingJob


def preset_names() -> list[str]:
    """The names of all presets, the demo first."""
    return sorted((path.stem for path in _FOLDER.glob("*.toml")), key=lambda name: (name != "demo", name))


def preset_path(name: str) -> Path:
    """Where a preset's file lies in the installed package. Raises InputError for a name that none has."""
    names = preset_names()
    if name not in names:
        raise InputError(f"There is no preset {name}; there are {', '.join(names)}.")
    return _FOLDER / f"{name}.toml"


def read_preset(name: str) -> Preset:
    """A preset by its name. Raises InputError for a name that none has."""
    path = preset_path(name)
    return Preset(name, _first_comment(path.read_text(encoding="utf-8")), read_job(path))


def copy_preset(name: str, target: Path) -> list[Path]:
    """Write a preset as a job file, and beside it the bundled datasets that it names and that are not there yet.

    Gives the files written. Raises InputError for a name that none has, for a target that is there already, and when
    the files cannot be written.
    """
    source = preset_path(name)
    if target.exists():
        raise InputError(f"{target} is there already; give another file name.")
    dataset = read_job(source).dataset
    named = [bundled_path(each) for each in (dataset.path, dataset.held_out) if each in BUNDLED]
    wanted = [(each, target.parent / each.name) for each in named]
    files = [(source, target), *((each, copy) for each, copy in wanted if not copy.exists())]
    try:
        for file, copy in files:
            shutil.copyfile(file, copy)
    except OSError as error:
        raise InputError(f"{target} cannot be written: {error.strerror}.") from error
    return [copy for _, copy in files]


def _first_comment(text: str) -> str:
    lines: list[str] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return " ".join(lines)
