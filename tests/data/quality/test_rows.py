"""The checks that look at one row by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.formats.pair import Pair
from data.rendered_row import render_row
from data.templates import Template
from tests.data.quality.checking import check, check_file, flagged, flags, qa, talk
from tests.tiny import CHATML, write_tokenizer

GOOD = qa("How much is 2 + 2?", "It is 4.")


def test_missing_and_empty_fields(tmp_path: Path) -> None:
    rows = [GOOD, qa("", "Nobody asked."), {"instruction": "What is lacking?"}, qa("And here?", "  \n"), GOOD]
    found = flags(tmp_path, rows, "empty")
    assert [(flag.row, flag.reason) for flag in found] == [
        (1, "has no instruction"),
        (2, "has no output"),
        (3, "has no output"),
    ]


def test_a_row_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"instruction": "a", "output": "b"}\n{"instruction": \n', encoding="utf-8")
    (flag,) = check_file(path, ["empty"]).flags[1]
    assert flag.reason.startswith("is cut off")


def test_a_turn_that_says_nothing(tmp_path: Path) -> None:
    rows = [talk(("user", "Hello"), ("assistant", "Hello")), talk(("user", "Hello"), ("assistant", ""))]
    assert [(flag.row, flag.reason) for flag in flags(tmp_path, rows, "empty")] == [
        (1, "has nothing in turn 2 (assistant)")
    ]


@pytest.mark.parametrize(
    ("roles", "reason"),
    [
        ("ua", ""),
        ("uaua", ""),
        ("sua", ""),
        ("uuaa", "two questions"),
        ("uaa", "two answers"),
        ("a", "begins"),
        ("u", "ends"),
        ("uasua", "system prompt in turn 3"),
        ("uatua", "no call of a tool"),
    ],
)
def test_order_of_roles(tmp_path: Path, roles: str, reason: str) -> None:
    names = {"u": "user", "a": "assistant", "s": "system", "t": "tool"}
    good = talk(("user", "Hello"), ("assistant", "Hello"))
    row = talk(*((names[role], "Something.") for role in roles))
    found = flags(tmp_path, [good, good, row], "roles")
    assert [flag.row for flag in found] == ([2] if reason else [])
    assert all(reason in flag.reason for flag in found)


def test_a_tool_that_was_called_may_answer(tmp_path: Path) -> None:
    row = talk(("user", "What time is it?"), ("assistant", ""), ("tool", "12:00"), ("assistant", "Noon."))
    row["messages"][1]["tool_calls"] = [{"type": "function", "function": {"name": "clock", "arguments": "{}"}}]
    assert flagged(tmp_path, [row], "roles") == []
    assert flagged(tmp_path, [row], "empty") == []


def test_long_rows_are_estimated_without_a_template(tmp_path: Path) -> None:
    rows = [GOOD, qa("Go on.", "word " * 1000)]
    (flag,) = flags(tmp_path, rows, "too-long", max_tokens=500)
    assert flag.row == 1
    assert "about 1,1" in flag.reason
    assert "500" in flag.reason


def test_long_rows_are_counted_as_training_sees_them(tmp_path: Path) -> None:
    write_tokenizer(tmp_path / "model", CHATML)
    template = Template.from_model(tmp_path / "model")
    row = qa("What is the capital of France?", "The capital of France is Paris. " * 20)
    count = render_row(template, Pair(row["instruction"], row["output"], 1)).whole
    (flag,) = flags(tmp_path, [GOOD, row], "too-long", template=template, max_tokens=count - 7)
    assert flag.reason == f"has {count} tokens where {count - 7} are kept, so 7 are cut off"
    assert flagged(tmp_path, [GOOD, row], "too-long", template=template, max_tokens=count) == []


def test_plain_text_is_counted_without_a_template(tmp_path: Path) -> None:
    write_tokenizer(tmp_path / "model", CHATML)
    template = Template.from_model(tmp_path / "model")
    text = "The capital of France is Paris. " * 20
    (flag,) = flags(tmp_path, [{"text": text}], "too-long", template=template, max_tokens=20)
    assert f"has {template.count(text)} tokens" in flag.reason


def test_odd_characters_are_named_and_taken_out(tmp_path: Path) -> None:
    rows = [
        GOOD,
        qa("What\u200b is it?", "A\x00 zero."),
        qa("Who?", "FranÃ§ois, the painter’s son."),
        qa("Lost?", "It is \ufffd."),
        qa("Family?", "👨\u200d👩\u200d👧 and naïve café “quotes”, \N{NO-BREAK SPACE}— ﷼, می\u200cخواهم"),
    ]
    found = flags(tmp_path, rows, "characters")
    assert [flag.row for flag in found] == [1, 2, 3]
    assert "U+200B" in found[0].reason
    assert found[0].fix == {"instruction": "What is it?", "output": "A zero."}
    assert found[1].fix == {"output": "François, the painter’s son."}
    assert found[2].fix is None


def test_odd_characters_in_turns_are_mended_in_place(tmp_path: Path) -> None:
    row = talk(("user", "A\x07b"), ("assistant", "c\u200bd"))
    (flag,) = flags(tmp_path, [row], "characters")
    assert flag.fix == {"messages": [{"role": "user", "content": "Ab"}, {"role": "assistant", "content": "cd"}]}


KEY = "sk-" + "proj-" + "Ab3dEf9hIjKlMn0pQrStUv2xYz" * 2


def test_secrets_are_found_and_never_shown(tmp_path: Path) -> None:
    rows = [
        GOOD,
        qa("How do I call it?", f"Use the key {KEY} in the header."),
        qa("Which key?", "Use sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx or YOUR_KEY."),
        qa("Private?", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz"),
        qa("Where?", "At postgres://admin:Tr0ub4dor@db.internal.net/main"),
    ]
    checker = check(tmp_path, rows, "secret")
    assert sorted(checker.flags) == [1, 3, 4]
    reasons = " ".join(flag.reason for row in checker.flags.values() for flag in row)
    assert KEY not in reasons
    assert KEY[8:20] not in reasons
    assert "Tr0ub4dor" not in reasons


def test_addresses_of_people_but_not_of_examples(tmp_path: Path) -> None:
    rows = [
        qa("Who?", "Ask jane.roe@research-lab.org, please."),
        qa("Who?", "Write to name@example.com or user@host.test."),
        qa("Version?", "Install left@1.2.3 with git@github.com:a/b."),
    ]
    (flag,) = flags(tmp_path, rows, "email")
    assert flag.row == 0
    assert "jane" not in flag.reason
    assert "research-lab" not in flag.reason
