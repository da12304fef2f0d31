"""Words that a person puts on rows, kept beside the file and never in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from data.atomic import write_atomically
from data.errors import BurnishError
from data.row_digest import row_digest

_TAG = re.compile(r"[\w.+-]{1,32}")


class Tags(Mapping[bytes, frozenset[str]]):
    """The tags of each row that has any, by the digest of its bytes; kept in the workspace's `.burnish/tags`.

    A row that is edited keeps its tags, and has them again when the edit is undone. A file that cannot be read counts
    as empty and is written over only when a tag is set.
    """

    def __init__(self, workspace: Path, dataset: Path) -> None:
        """`dataset`: the file whose rows are tagged."""
        name = blake2b(str(dataset.resolve()).encode("utf-8", "surrogateescape"), digest_size=6).hexdigest()
        self.path = workspace / ".burnish" / "tags" / f"{dataset.stem[:40]}-{name}.json"
        """Where they are kept."""
        self._tags = _read(self.path)

    def __getitem__(self, digest: bytes) -> frozenset[str]:
        return self._tags[digest]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._tags)

    def __len__(self) -> int:
        return len(self._tags)

    @property
    def names(self) -> list[str]:
        """Every tag in use."""
        return sorted({tag for tags in self._tags.values() for tag in tags})

    def turn(self, texts: Iterable[bytes], tag: str) -> bool:
        """Put a tag on rows, given as their bytes; where all have it, take it off. Whether they have it now.

        Raises BurnishError for a tag that is no word, and when it cannot be written.
        """
        if not _TAG.fullmatch(tag):
            raise BurnishError(
                f"{tag!r} is no tag; a tag is one word of letters, digits, dots, + and -.", title="No tag"
            )
        digests = [row_digest(text) for text in texts]
        on = not all(tag in self._tags.get(digest, ()) for digest in digests)
        before = dict(self._tags)
        for digest in digests:
            self._set(digest, self._tags.get(digest, frozenset()) | {tag} if on else self._tags[digest] - {tag})
        try:
            self._write()
        except BurnishError:
            self._tags = before
            raise
        return on

    def follow(self, before: bytes, after: bytes) -> None:
        """A row got another content: its tags go with it."""
        tags = self._tags.get(row_digest(before)) if self._tags else None
        if tags:
            digest = row_digest(after)
            self._set(digest, self._tags.get(digest, frozenset()) | tags)
            with suppress(BurnishError):  # the edit is done; the tags are in memory, and the next one tries again
                self._write()

    def _set(self, digest: bytes, tags: frozenset[str]) -> None:
        if tags:
            self._tags[digest] = tags
        else:
            self._tags.pop(digest, None)

    def _write(self) -> None:
        content = {digest.hex(): sorted(tags) for digest, tags in sorted(self._tags.items())}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self.path, json.dumps(content, indent=0).encode())
        except OSError as error:
            raise BurnishError(f"The tags cannot be kept in {self.path}: {error.strerror or error}.") from error


def _read(path: Path) -> dict[bytes, frozenset[str]]:
    try:
        content = json.loads(path.read_bytes())
        return {bytes.fromhex(digest): frozenset(map(str, tags)) for digest, tags in content.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
