"""What serves models: a program of the serving environment, or a container. One small interface for all of them.

A backend says how a server is started; health, log and stop are the same for all: the server answers `/health`, what
it prints goes to `log.txt`, and its processes (and its container) are ended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from data.errors import BurnishError, InputError
from engine.jobs.events import Note
from engine.serving.environment import (
    DeviceName,
    EngineName,
    ServingEnvironment,
    find_environment,
    with_transformers_serve,
)
from engine.serving.sizes import ModelSizes

BackendName = Literal["auto", "vllm", "transformers", "container"]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be served."""

    served_name: str
    model: Path
    """Directory to load."""
    sizes: ModelSizes
    port: int
    """On 127.0.0.1."""
    key: str
    """What clients must show; it goes into the environment, which only the owner can read."""
    scratch: Path
    """Folder for sockets."""
    rank: int = 0
    """The highest rank of an adapter that can be loaded while it runs; 0: none can."""
    readable: tuple[Path, ...] = ()
    """Folders beside the model that the server reads, if it runs: adapters lie there."""
    container: str = ""
    """What a container is called; unique on this machine."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """A server to be started."""

    command: tuple[str, ...]
    environment: dict[str, str]
    served_name: str


class Backend(Protocol):
    """One way to serve."""

    @property
    def engine(self) -> EngineName:
        """What speaks to the clients."""
        ...

    @property
    def device(self) -> DeviceName:
        """What computes."""
        ...

    @property
    def contained(self) -> bool:
        """Whether it runs in a container."""
        ...

    @property
    def transformers(self) -> str:
        """Version of transformers that reads the model's files; empty where it is not known."""
        ...

    def invocation(self, order: Order) -> Invocation:
        """How a server is started. Raises BurnishError when this machine cannot."""
        ...


@dataclass(frozen=True, slots=True)
class EnvironmentBackend:
    """A program of the serving environment: vLLM, or `transformers serve`."""

    environment: ServingEnvironment
    contained: bool = False

    @property
    def engine(self) -> EngineName:
        """That of the environment, or the one that was asked for."""
        return self.environment.engine

    @property
    def device(self) -> DeviceName:
        """What the environment was built for."""
        return self.environment.device

    @property
    def transformers(self) -> str:
        """As it was installed."""
        return self.environment.versions.get("transformers", "")

    def invocation(self, order: Order) -> Invocation:
        """How the environment's Python serves the model."""
        from engine.serving.command import invocation

        return invocation(self.environment, order)


def backend_of(
    name: BackendName = "auto", *, image: str = "", report: Callable[[Note], None] = lambda _: None
) -> Backend:
    """The backend of that name; `auto` is what the serving environment has, vLLM where it can be installed.

    Blocks while what `transformers serve` needs beside vLLM is installed, which `report` is told. Raises BurnishError
    when the serving environment is not there or cannot serve so, InputError for an image without a container.
    """
    if name == "container":
        from engine.serving.container import ContainerBackend

        return ContainerBackend(image) if image else ContainerBackend()
    if image:
        raise InputError("An image goes with --backend container.")
    environment = find_environment()
    if environment is None:
        raise BurnishError(
            "Serving is not set up yet; run `burnish setup serve` first.", title="No serving environment"
        )
    if name in ("auto", environment.engine):
        return EnvironmentBackend(environment)
    if name == "vllm":
        raise BurnishError(
            "vLLM could not be installed here, the serving environment has `transformers serve` in its place; "
            "leave --backend out, or give container.",
            title="No vLLM",
        )
    return EnvironmentBackend(with_transformers_serve(environment, report))
