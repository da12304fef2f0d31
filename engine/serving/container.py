"""vLLM in a container: `docker run` as an argument list, and the end of the container.

On a DGX Spark NVIDIA's image brings a vLLM that is built for it. The server sees nothing but the folders of its model,
read-only and under the paths that they have outside, so that links between them hold and an adapter that is loaded
later has one name for all. Its port is published on 127.0.0.1 only.
"""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import dataclass
from pathlib import Path

from data.errors import BurnishError
from engine.jobs.systemd import Tool, run_tool
from engine.serving.backend import Invocation, Order
from engine.serving.command import KEY, OFFLINE, RUNTIME_ADAPTERS, gpu_arguments, vllm_arguments
from engine.serving.environment import DeviceName, EngineName

IMAGE = "nvcr.io/nvidia/vllm:26.10-py3"
"""NVIDIA's image of October 2026 (vLLM 0.31, transformers 5.17); `--image` takes another one that has `vllm`."""
INSIDE = 8000
"""The port within the container."""
_LIMITS = ("--gpus", "all", "--ipc=host", "--ulimit", "memlock=-1", "--ulimit", "stack=67108864")
"""As NVIDIA starts its images (dgx-spark-playbooks)."""
_STOP_SECONDS = 10


@dataclass(frozen=True, slots=True)
class ContainerBackend:
    """vLLM of an image, on the GPUs of this machine."""

    image: str = IMAGE
    contained: bool = True
    engine: EngineName = "vllm"
    device: DeviceName = "cuda"
    transformers: str = ""

    def invocation(self, order: Order) -> Invocation:
        """`docker run`, attached: what the server prints is the log. Raises BurnishError when docker is not there."""
        docker = shutil.which("docker")
        if docker is None:
            raise BurnishError(
                "A container needs docker, which is not installed here; install it with NVIDIA's container toolkit, "
                "or serve without --backend container.",
                title="No docker",
            )
        settings = OFFLINE | (RUNTIME_ADAPTERS if order.rank else {})
        command = (
            *(docker, "run", "--rm", "--init", "--name", order.container, *_LIMITS),
            *("--publish", f"127.0.0.1:{order.port}:{INSIDE}"),
            *(part for folder in readable_folders(order) for part in ("--mount", _mount(folder))),
            *(part for name, value in settings.items() for part in ("--env", f"{name}={value}")),
            # By its name alone: docker takes the value from its own environment, so no process list shows it.
            *("--env", KEY),
            *("--entrypoint", "vllm", self.image, "serve", str(order.model)),
            # Within the container every address is its own; only the published port is reached from outside.
            *("--host", "0.0.0.0", "--port", str(INSIDE)),  # noqa: S104
            *vllm_arguments(order),
            *gpu_arguments(order),
        )
        return Invocation(command, {KEY: order.key}, order.served_name)


def readable_folders(order: Order) -> tuple[Path, ...]:
    """The model's folder and those its files are links into (a hub's cache keeps them elsewhere), each once."""
    folders = [order.model, *order.readable]
    for file in sorted(order.model.iterdir()):
        real = file.resolve().parent
        if file.is_symlink() and not any(real.is_relative_to(each) for each in folders):
            folders.append(real)
    return tuple(folders)


def remove_container(name: str, tool: Tool = run_tool) -> None:
    """End a container and everything in it; one that is gone already is no error. Blocks, at most some 20 s.

    Raises BurnishError when docker says that it is still there.
    """
    tool(("docker", "stop", "--time", str(_STOP_SECONDS), name))
    removed = tool(("docker", "rm", "--force", name))
    if removed.code and "no such container" not in removed.err.lower() and removed.code != 127:
        said = (removed.err.strip().splitlines() or ["it does not say why"])[-1]
        raise BurnishError(
            f"The container {name} could not be removed: {said}; try `docker rm --force {name}`.",
            title="Server not stopped",
        )


def _mount(folder: Path) -> str:
    """The value of docker's --mount, which is one line of CSV: a path may hold commas and quotes."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(["type=bind", f"source={folder}", f"target={folder}", "readonly"])
    return line.getvalue()
