"""What shows only in a file as a whole: another language, and one answer that prevails."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.quality.languages import language_of
from tests.data.quality.checking import check, flagged, flags, qa

ENGLISH = "The pump takes the water from the well and lifts it into the tank that is on the roof, which is not far."
TEXTS = {
    "English": ENGLISH,
    "German": "Die Pumpe holt das Wasser aus dem Brunnen und hebt es in den Tank, der auf dem Dach ist.",
    "French": "La pompe prend l'eau dans le puits et la porte dans le réservoir qui est sur le toit de la maison.",
    "Spanish": "La bomba toma el agua del pozo y la lleva al depósito que está en el techo de la casa para los niños.",
    "Chinese": "水泵从井里抽水，把水送到屋顶上的水箱里。",
    "Japanese": "ポンプは井戸から水をくみ上げて、屋根の上のタンクに入れます。",
    "Cyrillic": "Насос берёт воду из колодца и поднимает её в бак на крыше.",
}


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_languages_are_told(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text", ["", "42", "Yes.", "x = 3\ny = 4\n", "OK, gut, bien.", "i = 223905 / 3245 * i + w - o"]
)
def test_short_texts_and_formulas_have_no_language(text: str) -> None:
    assert language_of(text) == ""


def test_rows_in_another_language(tmp_path: Path) -> None:
    rows = [qa("What does it do?", ENGLISH)] * 8
    rows[3] = qa("Was macht sie?", TEXTS["German"])
    rows[5] = qa("Translate it into Chinese.", TEXTS["Chinese"])
    (flag,) = flags(tmp_path, rows, "language")
    assert (flag.row, flag.reason) == (3, "is in German, where the file is in English")


def test_a_file_in_two_languages_has_no_outliers(tmp_path: Path) -> None:
    rows = [qa("What?", ENGLISH), qa("Was?", TEXTS["German"])] * 5
    assert flagged(tmp_path, rows, "language") == []


def test_yes_to_everything(tmp_path: Path) -> None:
    rows = [qa(f"Does pump {n} have a valve?", f"Yes, pump {n} has one.") for n in range(20)]
    checker = check(tmp_path, rows, "lopsided")
    assert checker.flags == {}
    first = checker.findings[0]
    assert first.text == "20 of 20 answers to yes-or-no questions (100%) say yes."
    assert first.figures == {"yes": 20, "no": 0}
    assert "no" in first.suggestion


def test_yes_and_no_in_balance(tmp_path: Path) -> None:
    rows = [qa(f"Does pump {n} have a valve?", "Yes." if n % 2 else "No.") for n in range(20)]
    assert check(tmp_path, rows, "lopsided").findings == []


def test_answers_that_begin_alike(tmp_path: Path) -> None:
    rows = [qa(f"What is part {n}?", f"The answer is number {n} of them.") for n in range(20)]
    (finding,) = check(tmp_path, rows, "lopsided").findings
    assert finding.text == "20 of 20 answers (100%) begin with “The answer is”."


def test_one_class_prevails(tmp_path: Path) -> None:
    rows = [qa(f"Sort message {n}.", "spam" if n % 10 == 0 else "no spam") for n in range(50)]
    (finding,) = check(tmp_path, rows, "lopsided").findings
    assert "45 of 50 short answers (90%) are “no spam”, one of 2 different ones." in finding.text


def test_labels_of_one_kind(tmp_path: Path) -> None:
    rows = [{"prompt": f"What is part {n}?", "completion": f"Number {n}.", "label": n > 1} for n in range(20)]
    (finding,) = check(tmp_path, rows, "lopsided").findings
    assert finding.text == "18 of 20 answers (90%) are marked as good."
    assert finding.figures == {"good": 18, "bad": 2}


def test_an_opening_that_all_share_is_quoted_without_its_address(tmp_path: Path) -> None:
    rows = [qa(f"Who mends part {n}?", f"Ask jane.roe@lab-nine.org about part {n}.") for n in range(20)]
    (finding,) = check(tmp_path, rows, "lopsided").findings
    assert "begin with “Ask j…@….org about”" in finding.text
