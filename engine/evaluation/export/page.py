"""A batch as one HTML page: no script, nothing loaded from anywhere, filtered by its own stylesheet."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from engine.evaluation.export.tables import visible
from engine.evaluation.judging import Answered
from engine.evaluation.results import EvaluatedRow
from engine.evaluation.wording import SIGNS, changes_words, description, tally_words
from engine.reports import BatchAdvanced

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Whatever an answer contains, a browser runs nothing and fetches nothing."""
_STYLE = """
:root { color-scheme: light dark; --back: #fff; --text: #1a1a1a; --dim: #666; --line: #ccc; --right: #14652b;
  --wrong: #a4161a; --unclear: #7a5200; }
@media (prefers-color-scheme: dark) { :root { --back: #16181c; --text: #e6e6e6; --dim: #9a9a9a; --line: #3a3d44;
  --right: #7bd88f; --wrong: #ff7a7f; --unclear: #e5c07b; } }
body { background: var(--back); color: var(--text); font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem; }
h1 { font-size: 1.3rem; } h1, p, li { overflow-wrap: anywhere; } p, ul { max-width: 60rem; }
.dim, caption { color: var(--dim); }
label { display: inline-block; border: 1px solid var(--line); border-radius: 4px; padding: .2rem .6rem;
  margin: 0 .2rem .4rem 0; cursor: pointer; }
input[type=radio] { position: absolute; opacity: 0; }
input:checked + label { background: var(--text); color: var(--back); }
input:focus-visible + label { outline: 2px solid var(--right); }
table { border-collapse: collapse; width: 100%; margin-top: 1rem; table-layout: fixed; }
caption { text-align: left; padding: .3rem 0; }
th { text-align: left; position: sticky; top: 0; background: var(--back); box-shadow: inset 0 -2px var(--line); }
td, th { padding: .35rem .5rem; vertical-align: top; overflow-wrap: anywhere; }
td { border-bottom: 1px solid var(--line); white-space: pre-wrap; }
th:first-child { width: 4rem; } th:nth-child(2), th:nth-child(3) { width: 18%; } th:last-child { width: 14%; }
.right { color: var(--right); } .wrong, .failed { color: var(--wrong); } .unclear { color: var(--unclear); }
small { display: block; color: var(--dim); }
@media (max-width: 56rem) {
  body { margin: 1rem; } thead, td:empty { display: none; } table, caption, tbody, tr, td { display: block; }
  tbody tr { border: 1px solid var(--line); border-radius: 4px; margin-bottom: .8rem; padding: .3rem 0; }
  td { border: 0; padding: .2rem .7rem; }
  td::before { content: attr(data-of); display: block; color: var(--dim); font-size: .8rem; }
}
"""


def page(batch: BatchAdvanced) -> Iterator[str]:
    """The page in pieces. Every text of a model, a dataset or a person is escaped."""
    header = batch.batch
    names = [arm.name for arm in header.arms]
    filters = _filters(names)
    yield "<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
    yield "<meta name='viewport' content='width=device-width'>\n"
    yield f"<title>{_shown(header.id)}</title>\n<style>{_STYLE}{_rules(filters)}</style>\n</head>\n<body>\n"
    yield f"<h1>{_shown(header.id)}</h1>\n<p>{_shown(description(batch))}</p>\n<ul>\n"
    for words in (*map(tally_words, batch.summary.arms), *(pair.sentence for pair in batch.summary.pairs)):
        yield f"<li>{_shown(words)}</li>\n"
    yield "</ul>\n<p class='dim'>An interval is Wilson's, of 95 %; an unclear answer counts as not right.</p>\n"
    for place, (name, words) in enumerate(filters):
        checked = " checked" if place == 0 else ""
        yield f"<input type='radio' name='filter' id='{name}'{checked}><label for='{name}'>{_shown(words)}</label>\n"
    yield "<table>\n<caption>✓ right, ✗ wrong, ? unclear, ! failed</caption>\n"
    yield f"<thead><tr>{_heading(names)}</tr></thead>\n<tbody>\n"
    for row in batch.rows:
        yield _row(row, names)
    yield "</tbody>\n</table>\n</body>\n</html>\n"


def _filters(names: list[str]) -> list[tuple[str, str]]:
    """Classes of rows and what a person calls them; arms go by their places, whose names could be anything."""
    found = [("all", "all"), ("differ", "differ")]
    for place, name in enumerate(names):
        found.append((f"wrong{place}", f"{name} not right"))
    for place, name in enumerate(names[1:], 1):
        found.append((f"lost{place}", f"{names[0]} right → {name} not right"))
        found.append((f"gained{place}", f"{names[0]} not right → {name} right"))
    return found


def _rules(filters: list[tuple[str, str]]) -> str:
    return "".join(f"#{name}:checked ~ table tbody tr:not(.{name}) {{ display: none; }}\n" for name, _ in filters[1:])


def _heading(names: list[str]) -> str:
    return "".join(f"<th>{_shown(each)}</th>" for each in _columns(names))


def _columns(names: list[str]) -> tuple[str, ...]:
    return ("row", "question", "reference", *names, "changes")


def _row(row: EvaluatedRow, names: list[str]) -> str:
    question = row.question
    earlier = "".join(
        f"<small>{_shown(each['role'])}: {_shown(each['content'])}</small>" for each in question.messages[:-1]
    )
    cells = [
        ("", str(question.row)),
        ("", earlier + _shown(question.text)),
        ("", _shown(question.reference or "")),
        *(_answer(answer) for answer in row.answers),
        ("", _shown(changes_words(row))),
    ]
    shown = "".join(
        f'<td data-of="{_shown(column)}"{kind}>{cell}</td>'
        for column, (kind, cell) in zip(_columns(names), cells, strict=True)
    )
    return f"<tr class='{' '.join(_classes(row))}'>{shown}</tr>\n"


def _classes(row: EvaluatedRow) -> Iterator[str]:
    yield "row"
    if row.different:
        yield "differ"
    for place in range(len(row.answers)):
        if row.verdict(place) in ("wrong", "unclear"):
            yield f"wrong{place}"
        if place and row.lost(place):
            yield f"lost{place}"
        if place and row.gained(place):
            yield f"gained{place}"


def _answer(answer: Answered | None) -> tuple[str, str]:
    """The class of a cell, as an attribute, and what is in it."""
    if answer is None:
        return "", ""
    if answer.error:
        return " class='failed'", f"! {_shown(answer.error)}"
    reason = f"<small>{_shown(answer.reason)}</small>" if answer.reason else ""
    sign = f"<b class='{answer.verdict}'>{SIGNS[answer.verdict]}</b> " if answer.verdict else ""
    return "", f"{sign}{_shown(answer.text)}{reason}"


def _shown(text: str) -> str:
    return escape(visible(text), quote=True)
