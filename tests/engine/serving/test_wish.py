"""How runs are served, as a workspace keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import InputError
from engine.serving.wish import WISH_FILE, Wish, read_wish, write_wish


def test_a_wish_is_kept_but_for_what_belongs_to_one_start(tmp_path: Path) -> None:
    assert read_wish(tmp_path) == Wish()
    write_wish(tmp_path, Wish("one", "container", 'mine:"1"', port=8500, force=True))
    assert read_wish(tmp_path) == Wish("one", "container", 'mine:"1"')


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("layout = ", "is not a TOML file"),
        ("layout = 'three'", "layout = 'three' cannot be used; it can be auto, two, one"),
        ("backend = 1", "backend = 1 cannot be used; it can be auto, vllm, transformers, container"),
        ("colour = 'red'", "colour = 'red' cannot be used; there are layout, backend and image"),
    ],
)
def test_a_mistake_in_the_file_is_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / WISH_FILE).parent.mkdir()
    (tmp_path / WISH_FILE).write_text(text)
    with pytest.raises(InputError, match=words):
        read_wish(tmp_path)
