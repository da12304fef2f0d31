"""Exports are parsed back: nothing is lost, nothing computes, nothing of an answer becomes markup."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import InputError
from engine.chat.arms import Arm
from engine.evaluation.export.page import page
from engine.evaluation.export.tables import csv_lines, json_lines, markdown_lines
from engine.evaluation.export.writing import WRITERS, free_name, write_export
from engine.reports import BatchAdvanced
from tests.engine.evaluation.rows import CHIPS, advanced

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "'\"><svg/onload=alert(3)> & &lt; </td></table>",
    '=HYPERLINK("http://evil","x")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "\t=1",
    'a,b;"c"\nd\r\ne',
    "| pipe \\ [link](javascript:x) ![i](http://x) `code` **b** <b>",
    "\x1b[2J\x1b]0;t\x07 \u202ereversed\u202c \0 \ud83d half",
    "http://evil.example/x",
)
TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "h1",
    "p",
    "ul",
    "li",
    "input",
    "label",
    "table",
    "caption",
} | {
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "b",
    "small",
}


def hostile() -> BatchAdvanced:
    arms = (Arm("base <b>", "base"), Arm("tuned'\"", "http://127.0.0.1:1#a<b>"))
    return advanced(*((text, text, (text, text[::-1])) for text in HOSTILE), arms=arms, batch_id="<i>x</i>")


class Page(HTMLParser):
    """Cells and rows of a page, and every tag and attribute in it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.rows: list[list[str]] = []
        self.classes: list[list[str]] = []
        self._in: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "tr":
            self.rows.append([])
            self.classes.append((dict(attrs).get("class") or "").split())
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag not in ("meta", "input"):
            self._in.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._in.pop() == tag, "the page is well nested"

    def handle_data(self, data: str) -> None:
        if "td" in self._in or "th" in self._in:
            self.rows[-1][-1] += data


def test_json_lines_hold_everything() -> None:
    for batch in (CHIPS, hostile()):
        text = "".join(json_lines(batch))
        assert text.isascii()
        records = [json.loads(line) for line in text.splitlines()]
        for record, row in zip(records, batch.rows, strict=True):
            assert record["question"] == row.question.text
            assert record["reference"] == row.question.reference
            assert list(record["answers"]) == [arm.name for arm in batch.batch.arms]
            for said, answer in zip(record["answers"].values(), row.answers, strict=True):
                assert (said is None) == (answer is None)
                if answer is not None:
                    assert (said["text"], said["error"]) == (answer.text, answer.error)
    agrees = [json.loads(line)["agrees"] for line in json_lines(CHIPS)]
    assert agrees == [["base"], ["tuned"], ["base", "tuned"], [], ["base"], []]
    first = json.loads("".join(json_lines(CHIPS)).splitlines()[0])
    assert first["answers"]["tuned"]["verdict"] == "wrong"
    assert first["answers"]["tuned"]["changes"] == ["133 MHz → 150 MHz"]


def test_csv_is_read_back_and_computes_nothing() -> None:
    batch = hostile()
    rows = list(csv.reader(io.StringIO("".join(csv_lines(batch)), newline="")))
    assert len(rows) == 1 + len(HOSTILE)
    assert rows[0] == [
        *("row", "question", "reference", "base <b>", "base <b> verdict", "base <b> reason", "tuned'\""),
        *("tuned'\" verdict", "tuned'\" reason", "tuned'\" differs", "tuned'\" changes"),
    ]
    for cells in rows:
        assert len(cells) == 11
        for cell in cells:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]", cell)
    assert rows[3][1] == "'" + HOSTILE[2]
    assert rows[8][1] == 'a,b;"c"\nd\ne'
    chips = list(csv.DictReader(io.StringIO("".join(csv_lines(CHIPS)), newline="")))
    assert [each["tuned verdict"] for each in chips] == ["wrong", "right", "right", "wrong", "failed", ""]
    assert [each["tuned differs"] for each in chips] == ["yes", "yes", "no", "yes", "", ""]
    assert chips[0]["tuned changes"] == "133 MHz → 150 MHz"


def test_a_markdown_table_keeps_its_shape() -> None:
    batch = hostile()
    text = "".join(markdown_lines(batch))
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len(table) == 2 + len(HOSTILE)
    for line in table[:1] + table[2:]:
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == 7
    unescaped = re.sub(r"\\.", "", text.replace("<br>", ""))
    assert not re.search(r"[<>`\[\]]", unescaped)
    assert "javascript:" not in text
    said = "".join(markdown_lines(CHIPS))
    assert "✗ Up to 150 MHz" in said
    assert "✓ It runs at 133 MHz" in said


def test_a_page_runs_nothing_loads_nothing_and_says_everything() -> None:
    batch = hostile()
    text = "".join(page(batch))
    parsed = Page(text)
    assert parsed.tags <= TAGS
    assert not {name for name in parsed.attributes if name.startswith("on")}
    assert not parsed.attributes & {"src", "href", "srcset", "action"}
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text
    assert "prefers-color-scheme: dark" in text
    said = [cells for cells in parsed.rows if cells][1:]
    assert [cells[1] for cells in said[:7]] == list(HOSTILE[:7])
    assert "\x1b" not in text
    assert "\0" not in text
    assert "\u202e" not in text


def test_the_filters_of_a_page_name_the_rows_that_they_keep() -> None:
    text = "".join(page(CHIPS))
    classes = Page(text).classes[1:]
    assert [index for index, each in enumerate(classes) if "lost1" in each] == [0]
    assert [index for index, each in enumerate(classes) if "gained1" in each] == [1]
    assert [index for index, each in enumerate(classes) if "wrong1" in each] == [0, 3]
    assert [index for index, each in enumerate(classes) if "differ" in each] == [0, 1, 3]
    assert "#lost1:checked ~ table tbody tr:not(.lost1)" in text
    assert "133 MHz → 150 MHz" in text


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_any_text_comes_back(question: str, reference: str, answer: str) -> None:
    batch = advanced(("q" + question, reference or None, ("a" + answer, answer.lstrip("!"))))
    parsed = Page("".join(page(batch)))
    assert parsed.tags <= TAGS
    assert len(parsed.rows) == 2
    assert len(list(csv.reader(io.StringIO("".join(csv_lines(batch)), newline="")))) == 2
    assert json.loads("".join(json_lines(batch)))["answers"]["base"]["text"] == "a" + answer


@pytest.mark.parametrize("ending", WRITERS)
def test_the_name_tells_the_kind_and_nothing_is_overwritten(tmp_path: Path, ending: str) -> None:
    path = free_name(tmp_path, "pairs-001", ending)
    write_export(hostile(), path)
    assert path.stat().st_size > 500
    with pytest.raises(InputError, match="there already"):
        write_export(CHIPS, path)
    assert free_name(tmp_path, "pairs-001", ending).name == f"pairs-001-2{ending}"
    with pytest.raises(InputError, match=r"\.jsonl, \.csv, \.md, \.html"):
        write_export(CHIPS, tmp_path / "results.xlsx")
