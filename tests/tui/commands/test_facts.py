"""`burnish facts`: two texts, or a file of pairs, in words and as JSON."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from data.facts.synonyms import forget_synonyms
from tui.cli import main

PAIR = {
    "id": "clock",
    "question": "What is the maximum clock of the RP2350?",
    "reference": "150 MHz",
    "answer_a": "😀 It runs at up to 1.8 GHz.",
    "answer_b": "Up to 0.15 GHz.",
}
COMPARED = {
    "id": "clock",
    "label": "different",
    "agrees": "B",
    "facts_a": [{"start": 19, "end": 26, "text": "1.8 GHz", "kind": "quantity", "value": 1.8, "unit": "GHz"}],
    "facts_b": [{"start": 6, "end": 14, "text": "0.15 GHz", "kind": "quantity", "value": 0.15, "unit": "GHz"}],
    "differing": [{"a": "1.8 GHz", "b": "0.15 GHz", "reason": "1.8 GHz ≠ 0.15 GHz"}],
}


def _file(folder: Path, *lines: str | bytes) -> str:
    path = folder / "pairs.jsonl"
    path.write_bytes(b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines))
    return str(path)


def test_a_batch_prints_one_object_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bare = {"id": 7, "answer_a": "Yes.", "answer_b": "Yes."}
    assert main(["facts", "--batch", _file(tmp_path, json.dumps(PAIR), "", json.dumps(bare)), "--json"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == COMPARED
    assert (second["id"], second["label"], second["agrees"]) == (7, "same", None)


def test_a_batch_comes_from_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(json.dumps(PAIR).encode())))
    assert main(["facts", "--batch", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == COMPARED


def test_two_texts_give_the_same_object(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["facts", PAIR["answer_a"], PAIR["answer_b"], "--question", PAIR["question"]]
    assert main([*words, "--reference", PAIR["reference"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == COMPARED | {"id": None}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "is cut off"),
        (b'{"answer_a": "\xff"}', "is not valid UTF-8"),
        ("[1]", "is a list, not a JSON object"),
        ('{"id": 1, "answer_a": "x"}', 'has no field "answer_b"'),
        ('{"answer_a": 5, "answer_b": ""}', 'has a "answer_a" that is no text'),
        ('{"question": [], "answer_a": "", "answer_b": ""}', 'has a "question" that is no text'),
        ('{"id": {}, "answer_a": "", "answer_b": ""}', "has an id that is neither"),
        ('{"answer_a": null, "answer_b": ""}', 'has a "answer_a" that is no text'),
    ],
)
def test_a_bad_line_is_one_sentence_and_the_others_are_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str | bytes, why: str
) -> None:
    assert main(["facts", "--batch", _file(tmp_path, json.dumps(PAIR), line, json.dumps(PAIR)), "--json"]) == 2
    out, err = capsys.readouterr()
    assert [json.loads(each) for each in out.splitlines()] == [COMPARED, COMPARED]
    assert err.count("\n") == 1
    assert f"Line 2 of {tmp_path / 'pairs.jsonl'} {why}" in err


def test_a_batch_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unnamed = PAIR | {"id": None, "answer_a": "150 MHz \x1b[31m[red]", "answer_b": "\x1b[31m200 MHz"}
    assert main(["facts", "--batch", _file(tmp_path, json.dumps(PAIR), json.dumps(unnamed), "x")]) == 2
    out, _ = capsys.readouterr()
    assert "\x1b" not in out
    first, second, summary = out.splitlines()
    assert first.split() == ["clock", "different", "B", "1.8", "GHz", "≠", "0.15", "GHz"]
    assert second.split()[:3] == ["2", "different", "A"]
    assert summary == (
        "2 pairs: 0 same, 2 different; with the reference agree: A 1, B 1, both 0, neither 0; 1 line could not be read."
    )


def test_what_no_json_can_hold_is_still_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = json.dumps({"id": "\ud800", "answer_a": "1e200 × 1e200 V", "answer_b": "\ud800 \u2028 \x9b"})
    assert main(["facts", "--batch", _file(tmp_path, line), "--json"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    (fact,) = json.loads(out, parse_constant=pytest.fail)["facts_a"]
    assert (fact["value"], fact["unit"]) == (None, "V")


@pytest.mark.parametrize(
    "words",
    [[], ["one text"], ["a", "b", "--batch", "x"], ["--batch", "no such file"], ["--batch", "x", "--question", "q"]],
)
def test_what_cannot_be_compared_is_refused(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main(["facts", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1


def test_synonyms_come_from_the_option_or_the_workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def label(*words: str) -> str:
        said = ["facts", "Foobarin.", "Bazomycin.", "--question", "Which drug is given?", "--json"]
        assert main([*said, "-C", str(tmp_path), *words]) == 0
        return json.loads(capsys.readouterr().out)["label"]

    try:
        assert label() == "different"
        file = tmp_path / "names.toml"
        file.write_text('same = [["foobarin", "bazomycin"]]', encoding="utf-8")
        assert label("--synonyms", str(file)) == "same"
        assert label() == "different"
        (tmp_path / ".burnish").mkdir()
        file.rename(tmp_path / ".burnish" / "synonyms.toml")
        assert label() == "same"
    finally:
        forget_synonyms()
