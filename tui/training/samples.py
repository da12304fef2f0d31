"""The sample answers of a run over time, with their facts marked against the reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import work
from textual.binding import Binding, BindingType
from textual.message import Message

from engine.jobs.events import Sample
from tui.literal import literal
from tui.widgets.lines import Line, Lines, Part, cut, cut_line, width_of

_STANDING: dict[str, tuple[str, str]] = {"agrees": ("✓", "agrees"), "disagrees": ("✗", "disagrees")}
_VERDICT: dict[str, tuple[str, str]] = {"right": ("✓", "agrees"), "wrong": ("✗", "disagrees")}


@dataclass(frozen=True, slots=True)
class MarkedAnswer:
    """An answer in one line, with what is known of it."""

    text: str
    marks: tuple[tuple[int, int, str], ...]
    """Start, end and standing ("agrees", "disagrees") of each fact the reference speaks of."""
    verdict: str
    """"right", "wrong" or "unclear"."""


Key = tuple[str, str, str]
"""Question, answer and reference."""


class SampleAnswers(Lines, can_focus=True):
    """One question's answers, the newest last; where there is room, the newest are shown in full.

    With the focus, keys go back to the answers of earlier steps and on to other questions. Facts are judged in a
    thread; until that is done an answer is shown without marks.
    """

    DEFAULT_CSS = """
    SampleAnswers:focus > .lines--title { color: $accent; }
    """
    BINDING_GROUP_TITLE = "Sample answers"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k,up", "scroll(-1)", "Earlier", id="samples.earlier", tooltip="Answers of earlier steps"),
        Binding("j,down", "scroll(1)", "Later", id="samples.later", tooltip="Answers of later steps"),
        Binding("left,h", "question(-1)", "Question before", show=False, id="samples.before", tooltip="The one before"),
        Binding("right,l", "question(1)", "Next question", show=False, id="samples.next", tooltip="The next question"),
        Binding("home,g", "edge(-1)", "First", show=False, id="samples.first", tooltip="The first answer"),
        Binding("end,G", "edge(1)", "Newest", show=False, id="samples.last", tooltip="The newest answer; follows it"),
    ]

    class Judged(Message):
        """Some answers have been judged."""

        def __init__(self, answers: dict[Key, MarkedAnswer]) -> None:
            super().__init__()
            self.answers = answers

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._samples: tuple[Sample, ...] = ()
        self._question = 0
        self._run_id: str | None = None
        self._back = 0
        """How many of the newest answers lie below those shown."""
        self._judged: dict[Key, MarkedAnswer] = {}

    @property
    def questions(self) -> list[str]:
        """The questions that were answered, in the order of their first answers."""
        return list(dict.fromkeys(sample.question for sample in self._samples))

    def show_samples(self, samples: tuple[Sample, ...], run_id: str | None = None) -> None:
        """Show these answers of a run from now on; those to the same question stay in sight where it has them."""
        if samples == self._samples:
            return
        if run_id != self._run_id:
            before, self._run_id, self._back = self.questions, run_id, 0
            asked = before[self._question % len(before)] if before else ""
            questions = list(dict.fromkeys(sample.question for sample in samples))
            self._question = questions.index(asked) if asked in questions else 0
        self._samples = samples
        keys = [_key(sample) for sample in samples]
        missing = tuple(key for key in dict.fromkeys(keys) if key not in self._judged)
        self._judged = {key: self._judged.get(key) or unmarked(key[1]) for key in keys}
        if missing:
            self._judge(missing)
        self._draw()

    @work(thread=True, group="judge", description="judge sample answers")
    def _judge(self, keys: tuple[Key, ...]) -> None:
        self.post_message(self.Judged({key: marked_answer(*key) for key in keys}))

    def on_sample_answers_judged(self, message: Judged) -> None:
        """Mark the answers that are still shown."""
        message.stop()
        self._judged.update({key: answer for key, answer in message.answers.items() if key in self._judged})
        self._draw()

    def next_question(self, by: int = 1) -> None:
        """Show the answers to the next question."""
        self._question += by
        self._back = 0
        self._draw()

    def action_question(self, by: int) -> None:
        """Show the answers to another question."""
        self.next_question(by)

    def action_scroll(self, by: int) -> None:
        """Go back to earlier answers, or on to later ones."""
        self._back = min(max(self._back - by, 0), max(len(self._answers()) - 1, 0))
        self._draw()

    def action_edge(self, direction: int) -> None:
        """To the first answer, or to the newest, which is then followed."""
        self.action_scroll(direction * len(self._samples))

    def _answers(self) -> list[Sample]:
        """Those to the question shown, oldest first."""
        questions = self.questions
        if not questions:
            return []
        question = questions[self._question % len(questions)]
        return [sample for sample in self._samples if sample.question == question]

    def on_resize(self) -> None:
        """Another size has room for more or fewer answers."""
        self._draw()

    def _draw(self) -> None:
        width, height = self.size
        questions = self.questions
        if not questions or width < 20 or height < 1:
            self.show_lines(((("samples", "title"), ("  none yet", "dim")),) if height and not questions else ())
            return
        self._question %= len(questions)
        question = questions[self._question]
        answers = self._answers()
        self._back = min(self._back, len(answers) - 1)
        answers = answers[: len(answers) - self._back]
        which = f"  {self._question + 1} of {len(questions)}" if len(questions) > 1 else ""
        which += f"  {self._back} later" if self._back else ""
        reference = literal(answers[-1].reference, one_line=True)
        lines = [_heading(literal(question, one_line=True), which, reference, width)]
        shown = answers[-max(height - 1, 1) :]
        # As wide as the widest, so that the answers stand below each other.
        digits = len(str(shown[-1].step))
        spare = height - 1 - len(shown)
        blocks: list[list[Line]] = []
        for sample in reversed(shown):
            blocks.append(_answer_lines(sample.step, self._judged[_key(sample)], digits, width, spare + 1))
            spare -= len(blocks[-1]) - 1
        lines += [line for block in reversed(blocks) for line in block]
        self.show_lines(tuple(lines))


def _heading(question: str, which: str, reference: str, width: int) -> Line:
    said = f"   dataset says  {reference}" if reference else ""
    head = f"sample{which}  "
    room = width - len(head)
    if cell_len(question) + cell_len(said) > room:
        half = max(room - cell_len(said), room * 3 // 5)
        question = cut(question, half)
        said = cut(said, room - cell_len(question))
    return ((head, "title"), (question, ""), (said, "dim"))


def _key(sample: Sample) -> Key:
    return sample.question, sample.answer, sample.reference


def _answer_lines(step: int, answer: MarkedAnswer, digits: int, width: int, most: int) -> list[Line]:
    mark, style = _VERDICT.get(answer.verdict, ("·", "dim"))
    head: Line = ((f"  step {step:>{digits}}  ", "dim"), (f"{mark} ", style))
    indent = width_of(head)
    room = width - indent
    if most == 1 or cell_len(answer.text) + 2 * len(answer.marks) <= room:
        return [(*head, *_windowed(answer, room))]
    lines: list[Line] = []
    for start, end in _breaks(answer, room, most):
        first = not lines
        lines.append((*(head if first else ((" " * indent, ""),)), *_windowed(answer, room, start, end)))
    return lines


def _breaks(answer: MarkedAnswer, room: int, most: int) -> list[tuple[int, int]]:
    """Where an answer is broken into at most so many lines, the last one holding the rest."""
    spans: list[tuple[int, int]] = []
    start = 0
    while start < len(answer.text) and len(spans) < most - 1:
        end = start
        cells = 0
        while end < len(answer.text) and cells + cell_len(answer.text[end]) <= room - 4:
            cells += cell_len(answer.text[end])
            end += 1
        if end < len(answer.text):
            space = answer.text.rfind(" ", start, end)
            end = space + 1 if space > start else end
        spans.append((start, end))
        start = end
    if start < len(answer.text):
        spans.append((start, len(answer.text)))
    return spans


def _windowed(answer: MarkedAnswer, room: int, start: int = 0, end: int | None = None) -> Line:
    """The part of an answer that fits, chosen so that the first fact that was judged can be seen."""
    end = len(answer.text) if end is None else end
    marks = [mark for mark in answer.marks if start <= mark[0] < end]
    line = _marked(answer.text, marks, start, end)
    if width_of(line) <= room:
        return line
    if marks:
        # A wrong fact is what one looks for; leave a third of the room to the words before it.
        first = next((mark for mark in marks if mark[2] == "disagrees"), marks[0])
        before = _marked(answer.text, marks, start, first[1])
        if width_of(before) > room - 2:
            cells = 0
            begin = first[1]
            while begin > start and cells < room * 2 // 3:
                begin -= 1
                cells += cell_len(answer.text[begin])
            space = answer.text.find(" ", begin, first[0])
            begin = space + 1 if space >= 0 else begin
            line = (("… ", "dim"), *_marked(answer.text, marks, min(begin, first[0]), end))
    return cut_line(line, room)


def _marked(text: str, marks: Sequence[tuple[int, int, str]], start: int, end: int) -> Line:
    parts: list[Part] = []
    at = start
    for first, last, standing in marks:
        if first < at or last > end:
            continue
        mark, style = _STANDING[standing]
        parts += [(text[at:first], ""), (mark + text[first:last], style)]
        at = last
    parts.append((text[at:end], ""))
    return tuple(part for part in parts if part[0])


def unmarked(answer: str) -> MarkedAnswer:
    """An answer that was not judged."""
    return MarkedAnswer(literal(answer.strip(), one_line=True), (), "unclear")


def marked_answer(question: str, answer: str, reference: str) -> MarkedAnswer:
    """An answer with the facts that its reference speaks of marked; without a reference nothing is."""
    if not reference:
        return unmarked(answer)
    # Imported when the first sample is there: the vocabulary is not needed to show a screen.
    from data.facts import judge

    judgement = judge(answer.strip(), reference, question=question)
    marks = tuple(
        (marked.fact.start, marked.fact.end, marked.standing.value)
        for marked in sorted(judgement.facts, key=lambda marked: marked.fact.start)
        if marked.standing is not None and marked.standing.value in _STANDING
    )
    return MarkedAnswer(unmarked(answer).text, marks, judgement.verdict.value)
