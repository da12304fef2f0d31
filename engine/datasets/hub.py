"""Fetching a dataset from the hub (worker side: needs huggingface_hub)."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from huggingface_hub import HfApi, hf_hub_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from data.errors import BurnishError, InputError
from data.wording import byte_size
from engine.datasets.files import HubDataset, chosen_files, has_rows
from engine.jobs.events import Note
from engine.models.hub import ANSWER_SECONDS

_CONVERTED = "refs/convert/parquet"
"""Where the hub keeps datasets that it turned into Parquet by itself."""
_PARTIAL = ".partial"
_TRANSPORTS = {"requests", "httpx", "httpx2"}
"""What the hub's client has used to talk, one after the other; none of them is ours to name in an `except`."""


def download(dataset: HubDataset, folder: Path, report: Callable[[Note], None]) -> list[Path]:
    """Bring the files of a dataset into `folder`; where they are.

    A file that is there already is left as it is: a person may have edited it. Raises InputError for a dataset or part
    that does not exist or may not be had, and BurnishError without a network or without room.
    """
    report(Note(f"asking the hub for {dataset.hub_id}", 0.0))
    with _one_sentence(dataset, folder):
        revision, sizes = _listed(dataset)
        names = chosen_files(sizes, dataset)
        total = sum(sizes[name] for name in names)
        done = 0
        for number, name in enumerate(names, start=1):
            if not (folder / name).exists():
                count = f", file {number} of {len(names)}" if len(names) > 1 else ""
                report(Note(f"fetching {name} ({byte_size(sizes[name])}{count})", done / total if total else None))
                _fetch(dataset.hub_id, name, revision, folder)
            done += sizes[name]
    shutil.rmtree(folder / _PARTIAL, ignore_errors=True)
    return [folder / name for name in names]


def _listed(dataset: HubDataset) -> tuple[str | None, dict[str, int]]:
    """The revision with rows, and the sizes of its files."""
    for revision in (None, _CONVERTED):
        try:
            found = HfApi().dataset_info(dataset.hub_id, revision=revision, timeout=ANSWER_SECONDS, files_metadata=True)
        except RevisionNotFoundError:
            break
        sizes = {each.rfilename: each.size or 0 for each in found.siblings or ()}
        if has_rows(sizes):
            return found.sha if revision is None else revision, sizes
    return None, {}


def _fetch(hub_id: str, name: str, revision: str | None, folder: Path) -> None:
    """Put one file into its place when it is complete."""
    partial = hf_hub_download(
        hub_id, name, repo_type="dataset", revision=revision, local_dir=folder / _PARTIAL, etag_timeout=ANSWER_SECONDS
    )
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    Path(partial).rename(place)


@contextmanager
def _one_sentence(dataset: HubDataset, folder: Path) -> Iterator[None]:
    """Turn what the hub's client raises into an error for a person."""
    name = dataset.hub_id
    try:
        yield
    except GatedRepoError as error:
        raise InputError(
            f"The dataset {name} must be asked for on its hub page first; then set HF_TOKEN and try again."
        ) from error
    except RepositoryNotFoundError as error:
        raise InputError(f"The hub has no dataset {name}, or not for this account; check the name.") from error
    except (LocalEntryNotFoundError, OfflineModeIsEnabled) as error:
        raise _no_network(name) from error
    except HfHubHTTPError as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise BurnishError(f"The hub did not give the dataset {name}: {reason}; try again later.") from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            sentence = f"The disk that holds {folder} is full; free some space and fetch {name} again."
        else:
            sentence = f"The dataset {name} cannot be kept in {folder}: {error.strerror or error}."
        raise BurnishError(sentence, title="Not fetched") from error
    except Exception as error:
        if not {kind.__module__.partition(".")[0] for kind in type(error).__mro__} & _TRANSPORTS:
            raise
        raise _no_network(name) from error


def _no_network(name: str) -> BurnishError:
    sentence = (
        f"The hub does not answer, so the dataset {name} cannot be fetched; check the network, or open a file that is "
        "on this machine."
    )
    return BurnishError(sentence, title="No network")
