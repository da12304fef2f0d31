from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import InputError
from engine.chat.sampling import Sampling
from engine.chat.settings import SETTINGS_FILE, ChatSettings, read_settings, write_settings


def test_settings_come_back_as_they_were_written(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == ChatSettings()
    settings = ChatSettings(Sampling(0.7, 0.9, 512, None, 5), 'Be "brief".\nReally.')
    write_settings(tmp_path, settings)
    assert read_settings(tmp_path) == settings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("temperature = ", "no TOML|not a TOML"),
        ("warmth = 1", "'warmth' is no setting"),
        ("seed = 'x'", "seed cannot be 'x'"),
        ("n = true", "n cannot be True"),
        ("top_p = 7.0", "Top-p 7"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / SETTINGS_FILE
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        read_settings(tmp_path)


def test_settings_that_cannot_be_used_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="all the same"):
        write_settings(tmp_path, ChatSettings(Sampling(n=4)))
    assert not (tmp_path / SETTINGS_FILE).exists()
