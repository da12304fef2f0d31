"""Tokenised rows, kept in the user's cache folder so that the same rows are tokenised once (needs no torch).

A file is known by the hash of all that its tokens depend on: the rows, the template and its tokenizer, the maximum
length, the stage and the tokens that carry loss.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import zlib
from array import array
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from data.atomic import write_atomically
from data.errors import BurnishError
from data.formats.conversation import Conversation
from data.rendered_row import LossOn
from data.templates import Template
from engine.models.catalog import models_folder
from engine.training.examples import Examples, encode
from engine.training.job import Stage, TrainingJob
from engine.training.labels import IGNORED

LIMIT = 2 << 30
"""Bytes that the cache may take; what was not used for the longest time goes first."""
_FORMAT = "burnish tokens 1"
_ENDING = ".tokens"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a job reads its rows."""

    stage: Stage
    loss_on: LossOn
    max_length: int


def reading_of(job: TrainingJob) -> Reading:
    """How this job reads its rows."""
    return Reading(job.stage, job.training.loss_on, job.training.max_length)


def tokenised(template: Template, rows: Sequence[Conversation], reading: Reading) -> Examples:
    """The rows as tokens and labels, from the cache where they are there. Raises InputError as `encode` does."""
    path = cache_folder() / f"{_key(template, rows, reading)}{_ENDING}"
    known = _read(path)
    if known is not None:
        with suppress(OSError):
            os.utime(path)
        return known
    examples = encode(template, rows, reading.max_length, reading.stage, reading.loss_on)
    # The cache only saves time: without room for it everything works.
    with suppress(BurnishError, OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, _written(examples))
        _tidy(path)
    return examples


def cache_folder() -> Path:
    """Where tokenised rows are kept: `burnish/tokenised` in the XDG cache folder. Not made here."""
    return models_folder().parent / "tokenised"


def _key(template: Template, rows: Sequence[Conversation], reading: Reading) -> str:
    found = hashlib.sha256()
    # Some templates write the day.
    today = date.today().isoformat() if "strftime_now" in template.source else ""
    settings = (_FORMAT, reading.stage, reading.loss_on, reading.max_length, today, template.fingerprint)
    found.update(json.dumps(settings).encode())
    for row in rows:
        turns = row.turns + (row.preference.chosen if row.preference else ())
        said = (row.system, [(turn.role, turn.text, turn.weight) for turn in turns])
        found.update(json.dumps(said).encode() + b"\n")
    return found.hexdigest()


def _written(examples: Examples) -> bytes:
    """A line of JSON, then the numbers of the examples (32-bit, as this machine has them), and which are learnt."""
    numbers = array("i", examples.places)
    numbers.extend(examples.lengths)
    for ids in examples.input_ids:
        numbers.extend(ids)
    learnt = b"".join(bytes(label != IGNORED for label in labels) for labels in examples.labels)
    body = numbers.tobytes() + learnt
    header = {
        "format": _FORMAT,
        "order": sys.byteorder,
        "examples": len(examples),
        "tokens": len(learnt),
        "crc": zlib.crc32(body),
        "counts": [examples.cut, examples.dropped, examples.endless, examples.longest],
    }
    return json.dumps(header).encode() + b"\n" + body


def _read(path: Path) -> Examples | None:
    """The examples of a file; None where there is none, or not a whole one."""
    try:
        line, _, body = path.read_bytes().partition(b"\n")
        header = json.loads(line)
        if (header["format"], header["order"], header["crc"]) != (_FORMAT, sys.byteorder, zlib.crc32(body)):
            return None
        count, tokens = int(header["examples"]), int(header["tokens"])
        numbers = array("i")
        numbers.frombytes(body[: -tokens or None])
        learnt = body[len(body) - tokens :]
        cut, dropped, endless, longest = (int(each) for each in header["counts"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    places, lengths = numbers[:count].tolist(), numbers[count : 2 * count].tolist()
    input_ids: list[list[int]] = []
    labels: list[list[int]] = []
    at = 0
    for length in lengths:
        ids = numbers[2 * count + at : 2 * count + at + length].tolist()
        input_ids.append(ids)
        wanted = zip(ids, learnt[at : at + length], strict=True)
        labels.append([token if learn else IGNORED for token, learn in wanted])
        at += length
    return Examples(input_ids, labels, places, cut, dropped, endless, longest)


def _tidy(newest: Path) -> None:
    """Delete what was not used for the longest time, until the rest fits."""
    files = sorted(newest.parent.glob(f"*{_ENDING}"), key=lambda path: -path.stat().st_mtime)
    total = 0
    for path in files:
        total += path.stat().st_size
        if total > LIMIT and path != newest:
            path.unlink()
