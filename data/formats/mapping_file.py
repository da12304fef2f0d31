"""The mappings that a workspace remembers: `.burnish/mappings.toml`, one table a dataset file."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from data.atomic import write_atomically
from data.errors import InputError
from data.formats.mapping import FieldMapping, mapping_from
from data.settings_files import read_toml
from data.toml_value import toml_value

NAME = Path(".burnish") / "mappings.toml"


def load_mappings(workspace: Path) -> dict[str, FieldMapping]:
    """All mappings of a workspace by the name of their file. Raises InputError for a file that is no such TOML."""
    path = workspace / NAME
    tables = read_toml(path)
    if tables is None:
        return {}
    found: dict[str, FieldMapping] = {}
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise InputError(f'{path}: {name} must be a table, written ["{name}"].')
        found[name] = mapping_from(table, f"{path}, {name}")
    return found


def load_mapping(workspace: Path, dataset: Path) -> FieldMapping | None:
    """The mapping that a workspace remembers for a file, if it does. Raises InputError as `load_mappings` does."""
    return load_mappings(workspace).get(_name(workspace, dataset))


def mapping_of(dataset: Path) -> FieldMapping | None:
    """The mapping that the workspace around a file remembers: the nearest folder above it that has such a file.

    Raises InputError as `load_mappings` does.
    """
    folders = dataset.resolve().parents
    workspace = next((folder for folder in folders if (folder / NAME).is_file()), None)
    return load_mapping(workspace, dataset) if workspace else None


def save_mapping(workspace: Path, dataset: Path, mapping: FieldMapping | None) -> None:
    """Remember the mapping of a file; None forgets it. Raises InputError as above, BurnishError when not written."""
    known = load_mappings(workspace)
    known.pop(_name(workspace, dataset), None)
    if mapping is not None:
        mapping.check(dataset.name)
        known[_name(workspace, dataset)] = mapping
    path = workspace / NAME
    if known or path.exists():
        try:
            path.parent.mkdir(exist_ok=True)
        except OSError as error:
            raise InputError(f"{path.parent} cannot be made: {error.strerror}.") from error
        write_atomically(path, "\n".join(f"[{toml_value(name)}]\n{table_text(known[name])}" for name in sorted(known)))


def table_text(mapping: FieldMapping) -> str:
    """The lines of a mapping's TOML table, without the fields that it does not name."""
    named = ((each.name, getattr(mapping, each.name)) for each in fields(mapping))
    return "".join(f"{name} = {toml_value(value)}\n" for name, value in named if value)


def _name(workspace: Path, dataset: Path) -> str:
    """The file as the table names it: from the workspace where it lies in it, else its whole path."""
    whole, folder = dataset.resolve(), workspace.resolve()
    return whole.relative_to(folder).as_posix() if whole.is_relative_to(folder) else whole.as_posix()
