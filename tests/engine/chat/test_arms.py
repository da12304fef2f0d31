"""Arms: written by a person, kept in a file, and never with a key."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from engine.chat.arms import ARMS_FILE, MOST_EXAMPLES, Arm, default_arms, parse_arm, read_arms, write_arms

NAMES = st.from_regex(r"[a-z][a-z .+-]{0,10}[a-z]", fullmatch=True)
ARMS = st.builds(
    Arm,
    NAMES,
    st.from_regex(r"[a-z0-9][a-z0-9./-]{0,20}", fullmatch=True)
    | st.sampled_from(["http://127.0.0.1:8080", "https://box.example/v1#qwen"]),
    examples=st.integers(1, MOST_EXAMPLES),
    nearest=st.booleans(),
    key_env=st.sampled_from(["", "OPENAI_API_KEY"]),
    dataset=st.sampled_from(["", "rows.jsonl"]),
)


@given(arm=ARMS)
def test_an_arm_is_read_as_it_is_written(arm: Arm) -> None:
    assert parse_arm(arm.text) == arm


def test_the_arms_of_a_workspace_are_kept(tmp_path: Path) -> None:
    assert read_arms(tmp_path) == default_arms()
    arms = (
        *default_arms(),
        Arm("few-shot", "base", examples=4, nearest=True, dataset="rows.jsonl"),
        Arm("other", "https://box.example#qwen", key_env="BOX_KEY"),
    )
    write_arms(tmp_path, arms)
    assert read_arms(tmp_path) == arms


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("base", "is no arm"),
        ("=base", "needs a name and a target"),
        ("a=base,examples=many", "says nothing about an arm"),
        ("a=base,nearest=65", "65 examples cannot be given"),
        ("a=http://", "is no address"),
        ("a=http://me:secret@host", "must not hold a key"),
        ("a=http://host,key_env=sk-12345", "names an environment variable"),
        ("\x1b[31m=base", "cannot name an arm"),
    ],
)
def test_a_mistake_is_one_sentence(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_arm(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("arm = 1", "must be a list of arms"),
        ("[[arm]]\nname = 'a'", "needs a name and a target"),
        ("[[arm]]\nname = 'a'\ntarget = 'b'\nkey = 'c'", "'key' is no setting"),
        ("[[arm]]\nname = 'a'\ntarget = 'b'\nexamples = true", "examples cannot be True"),
        ("[[arm]]\nname = 'a'\ntarget = 'b'\n" * 2, "Two arms are called a"),
        ("[[arm]", "is not a TOML file"),
    ],
)
def test_a_file_that_is_none_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / ARMS_FILE
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(InputError, match=words) as found:
        read_arms(tmp_path)
    assert "Two arms" in words or str(path) in found.value.sentence


def test_too_many_arms_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name 1 to 4"):
        write_arms(tmp_path, [Arm(f"arm {number}", "base") for number in range(5)])
