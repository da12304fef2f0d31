"""Rows added to files of every format, and files that are left alone."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from data.errors import BurnishError, InputError
from data.formats.conversation import Conversation, Turn
from data.formats.detect import look
from data.formats.mapping import FieldMapping
from data.formats.mapping_file import save_mapping
from data.row_append import append_conversation, edit_file
from data.store import RowStore
from engine.chat.corrections import corrected

ASKED = (Turn("user", "How fast?"),)
NEW = corrected(ASKED, "150 MHz", "1.15 GHz")
TURNS = [{"role": "user", "content": "How fast?"}, {"role": "assistant", "content": "150 MHz"}]

CASES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"instruction": "a?", "input": "", "output": "b"}, {"instruction": "How fast?", "input": "", "output": "150 MHz"}),
    ({"instruction": "a?", "output": "b", "id": 3}, {"instruction": "How fast?", "output": "150 MHz"}),
    ({"messages": [{"role": "user", "content": "a?"}, {"role": "assistant", "content": "b"}]}, {"messages": TURNS}),
    (
        {"conversations": [{"from": "human", "value": "a?"}, {"from": "gpt", "value": "b"}]},
        {"conversations": [{"from": "human", "value": "How fast?"}, {"from": "gpt", "value": "150 MHz"}]},
    ),
    ({"prompt": "a?", "completion": "b"}, {"prompt": "How fast?", "completion": "150 MHz"}),
    (
        {"prompt": [{"role": "user", "content": "a?"}], "completion": [{"role": "assistant", "content": "b"}]},
        {"prompt": TURNS[:1], "completion": TURNS[1:]},
    ),
    ({"query": "a?", "response": "b"}, {"query": "How fast?", "response": "150 MHz"}),
    (
        {"prompt": "a?", "chosen": "b", "rejected": "c"},
        {"prompt": "How fast?", "chosen": "150 MHz", "rejected": "1.15 GHz"},
    ),
    (
        {
            "prompt": [{"role": "user", "content": "a?"}],
            "chosen": [{"role": "assistant", "content": "b"}],
            "rejected": [{"role": "assistant", "content": "c"}],
        },
        {"prompt": TURNS[:1], "chosen": TURNS[1:], "rejected": [{"role": "assistant", "content": "1.15 GHz"}]},
    ),
    (
        {"prompt": "a?", "completion": "b", "label": False},
        {"prompt": "How fast?", "completion": "150 MHz", "label": True},
    ),
]


@pytest.mark.parametrize(("there", "added"), CASES, ids=lambda row: " ".join(row))
def test_a_row_is_added_as_the_others_are(tmp_path: Path, there: dict[str, Any], added: dict[str, Any]) -> None:
    path = tmp_path / "rows.jsonl"
    before = json.dumps(there).encode() + b"\n"
    path.write_bytes(before)
    assert append_conversation(path, NEW, tmp_path / "journals") == 2
    content = path.read_bytes()
    assert content.startswith(before)
    assert json.loads(content[len(before) :]) == added
    store = RowStore.open(path)
    assert look(store).fitting == 2


def test_a_table_takes_one_in_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("id,question,answer\n1,a?,b\n")
    append_conversation(path, NEW, tmp_path / "journals")
    assert path.read_text() == "id,question,answer\n1,a?,b\n,How fast?,150 MHz\n"


def test_a_packed_file_takes_one(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"instruction": "a?", "output": "b"}\n'))
    append_conversation(path, NEW, tmp_path / "journals")
    assert gzip.decompress(path.read_bytes()).count(b"\n") == 2


def test_a_mapping_of_the_workspace_names_the_fields(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"ask": "a?", "reply": "b", "more": 1}\n')
    with pytest.raises(InputError, match="say so with m"):
        append_conversation(path, NEW, tmp_path / "journals")
    save_mapping(tmp_path, path, FieldMapping(question="ask", answer="reply"))
    append_conversation(path, NEW, tmp_path / "journals")
    assert json.loads(path.read_text().splitlines()[1]) == {"ask": "How fast?", "reply": "150 MHz"}


def test_a_new_file_is_begun_with_turns(tmp_path: Path) -> None:
    path = tmp_path / "new" / "corrections.jsonl"
    assert append_conversation(path, NEW, tmp_path / "journals") == 1
    assert json.loads(path.read_text()) == {"messages": TURNS}
    with pytest.raises(InputError, match=r"ends in \.jsonl"):
        append_conversation(tmp_path / "new.csv", NEW, tmp_path / "journals")


def test_a_file_with_unsaved_edits_is_left_alone(tmp_path: Path) -> None:
    path, journals = tmp_path / "rows.jsonl", tmp_path / "journals"
    path.write_text('{"instruction": "a?", "output": "b"}\n')
    before = path.read_bytes()
    editing = RowStore.open(path, journals=journals)
    editing.set_field(0, "output", "c")
    with pytest.raises(InputError, match="unsaved edits"):
        append_conversation(path, NEW, journals)
    editing.close()  # as an interrupted session leaves it
    with pytest.raises(InputError, match="unsaved edits"):
        append_conversation(path, NEW, journals)
    assert path.read_bytes() == before
    again = RowStore.open(path, journals=journals)
    (pending,) = again.pending()
    assert again.recover(pending) == 1
    again.save()
    assert append_conversation(path, NEW, journals) == 2


def test_a_file_that_somebody_writes_meanwhile_keeps_both_rows(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"instruction": "a?", "output": "b"}\n')
    calls: list[int] = []

    def edit(store: RowStore) -> None:
        calls.append(len(store))
        if len(calls) == 1:
            append_conversation(path, NEW, tmp_path / "journals")
        store.append({"instruction": "last?", "output": "c"})

    edit_file(path, tmp_path / "journals", edit)
    asked = [json.loads(line)["instruction"] for line in path.read_text().splitlines()]
    assert (calls, asked) == ([1, 2], ["a?", "How fast?", "last?"])


def test_what_a_format_has_no_place_for_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"prompt": "a?", "chosen": "b", "rejected": "c"}\n')
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"holds preference, and the new row has no rejected answer"):
        append_conversation(path, Conversation((*ASKED, Turn("assistant", "x")), 1), tmp_path / "journals")
    assert path.read_bytes() == before


def test_a_file_that_cannot_be_written_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"instruction": "a?", "output": "b"}\n')
    path.chmod(0o444)
    before = path.read_bytes()
    with pytest.raises(BurnishError, match="read-only"):
        append_conversation(path, NEW, tmp_path / "journals")
    assert path.read_bytes() == before
