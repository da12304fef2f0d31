"""Fetching a model from the hub (worker side: needs huggingface_hub)."""

from __future__ import annotations

from pathlib import Path

from huggingface_hub import HfApi, constants, snapshot_download
from huggingface_hub.errors import GatedRepoError, LocalEntryNotFoundError, RepositoryNotFoundError

from data.errors import BurnishError, InputError
from engine.models.catalog import missing_part

ANSWER_SECONDS = 5.0
"""How long the hub may take to answer before it counts as out of reach."""

_WANTED = ["*.safetensors", "*.json", "*.jinja", "*.model", "*.txt"]
_UNWANTED = ["original/*", "consolidated*", "*/*"]


def hub_answers(hub_id: str) -> bool:
    """Whether the hub can be reached and has this model."""
    if constants.HF_HUB_OFFLINE:
        return False
    try:
        HfApi().model_info(hub_id, timeout=ANSWER_SECONDS)
    except Exception:  # noqa: BLE001 - whichever way it fails, the caller goes on with its other source
        return False
    return True


def download(hub_id: str, folder: Path | None = None) -> Path:
    """Download a model's safetensors, config and tokenizer into `folder`, or into the hub's own cache.

    What the hub's cache already holds is used without a network. Raises InputError for a model that does not exist,
    is gated or has no safetensors, and BurnishError without a network.
    """
    try:
        path = Path(
            snapshot_download(
                hub_id,
                local_dir=folder,
                allow_patterns=_WANTED,
                ignore_patterns=_UNWANTED,
                etag_timeout=ANSWER_SECONDS,
            )
        )
    except GatedRepoError as error:
        raise InputError(
            f"The model {hub_id} must be asked for on its hub page first; then set HF_TOKEN and try again."
        ) from error
    except RepositoryNotFoundError as error:
        raise InputError(f"The hub has no model {hub_id}, or not for this account; check the name.") from error
    except LocalEntryNotFoundError as error:
        raise BurnishError(
            f"The model {hub_id} is not on this machine and the hub does not answer; check the network, "
            f"or give a model directory instead.",
            title="No network",
        ) from error
    missing = missing_part(path)
    if missing is not None:
        raise InputError(f"The model {hub_id} cannot be used because it has {missing}.")
    return path
