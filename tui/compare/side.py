"""One side of the comparison: who answers, the answer, and how fast it came."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from engine.chat.arms import Arm
from engine.reports import Answer, ServerStatus
from tui.compare.answer import AnswerBody
from tui.compare.marks import Mark
from tui.literal import literal
from tui.widgets.figures import count, rate
from tui.widgets.server_look import server_look

_ENGINES = {"vllm": "vLLM"}
_GAP = "   "


class SideLine(Widget):
    """One line with something at the left and something at the right."""

    DEFAULT_CSS = """
    SideLine {
        height: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._left = self._right = Content("")

    def show(self, left: Content, right: Content) -> None:
        """Show other words."""
        if left.is_same(self._left) and right.is_same(self._right):
            return
        self._left, self._right = left, right
        self.refresh()

    def render(self) -> Content:
        """The right part at the edge; where both do not fit, the left one is cut."""
        room = self.size.width - self._right.cell_length - (2 if self._right else 0)
        if room < 1:
            return self._right.truncate(self.size.width, ellipsis=True)
        return Content.assemble(
            self._left.truncate(room, ellipsis=True, pad=True), "  " if self._right else "", self._right
        )


class AnswerSide(Vertical):
    """Head, answer and figures of one arm. In the dense form the figures stand in the head."""

    DEFAULT_CSS = """
    AnswerSide {
        width: 1fr;
        height: 6;
    }
    """

    def __init__(self, place: int) -> None:
        super().__init__(id=f"side-{place}")
        self.body = AnswerBody()
        self._head = SideLine()
        self._figures = SideLine()
        self._arm: Arm | None = None
        self._answer: Answer | None = None
        self._server: ServerStatus | None = None
        self._dense = False
        self._focused = False
        self._number = self._tally = ""

    def compose(self) -> ComposeResult:
        """Head, text, figures."""
        yield self._head
        yield self.body
        yield self._figures

    def show(
        self,
        arm: Arm,
        answer: Answer | None,
        server: ServerStatus | None,
        marks: Sequence[Mark],
        words: Sequence[tuple[int, int]],
        idle: tuple[str, str],
        *,
        plain: bool,
    ) -> None:
        """Show the answer as far as it has come; None before anything was asked: then `idle` (text, style).

        With `plain` it is shown as it came, without Markdown.
        """
        note, style = _note(answer, idle)
        text, done = ("", True) if answer is None else (answer.text, answer.done)
        self.body.show(text, marks, note=note, note_style=style, words=words, done=done, plain=plain)
        self._arm, self._answer, self._server = arm, answer, server
        self._draw_lines()

    def focus_mark(self, focused: bool) -> None:
        """Say whether keys for one side act on this one; drawn with the next answer."""
        self._focused = focused

    def number(self, number: str) -> None:
        """Which one this is, where not all are shown; drawn with the next answer."""
        self._number = number

    def show_tally(self, tally: str) -> None:
        """What became of several samples; drawn with the next answer."""
        self._tally = tally

    def set_dense(self, dense: bool) -> None:
        """Put the figures into the head, or below the answer."""
        self._dense = dense
        self._figures.display = not dense
        self._draw_lines()

    @property
    def margin_lines(self) -> int:
        """Lines beside those of the text."""
        return 1 if self._dense else 2

    def give(self, lines: int) -> None:
        """Set the height."""
        if self.styles.height is None or self.styles.height.value != lines:
            self.styles.height = lines

    def _draw_lines(self) -> None:
        arm, answer, server = self._arm, self._answer, self._server
        if arm is None:
            return
        figures = Content("") if answer is None else _figures(answer, self._tally)
        in_head = self._dense and bool(figures)
        name = (arm.name, "bold underline $accent") if self._focused else (arm.name, "bold")
        described = _described(arm, server, short=in_head)
        numbered = [(f" {self._number}", "$text-muted")] if self._number else []
        parts = [name, *numbered, ("  ", ""), (literal(described, one_line=True), "$text-muted")]
        if server is None and (arm.is_url or not arm.target):
            self._head.show(Content.assemble(*parts), figures if in_head else Content(""))
            self._figures.show(figures, Content(""))
            return
        look = server_look(None if server is None else server.state)
        state = Content.styled(f"{look.sign} {look.word}", look.style)
        if in_head:
            ready = server is not None and server.state == "ready"
            right = figures if ready else Content.assemble(figures, _GAP, state)
        else:
            right = state
        self._head.show(Content.assemble(*parts), right)
        self._figures.show(figures, Content(""))


def _described(arm: Arm, server: ServerStatus | None, *, short: bool) -> str:
    """What answers: the model with its engine, or the address; and what stands before the question."""
    model = arm.target if server is None else server.model
    words = [] if server is None and not arm.is_url else [model]
    if server is not None and server.model and not short:
        words.append(_ENGINES.get(server.engine, server.engine))
    if arm.examples:
        words.append(f"+{arm.examples} {'nearest' if arm.nearest else 'first'} rows")
    return " · ".join(word for word in words if word)


def _note(answer: Answer | None, idle: tuple[str, str]) -> tuple[str, str]:
    """What stands below (or in place of) the text, and its style."""
    if answer is None:
        return idle
    if answer.error is not None:
        return f"✗ {answer.error}", "$disagrees"
    if answer.done and not answer.text:
        return "The answer is empty.", "$text-muted"
    if not answer.text:
        return "…", "$text-muted"
    return "", "$text-muted"


def _figures(answer: Answer, tally: str) -> Content:
    """How it stands, how often it was right, tokens, speed, first token: what matters least comes last."""
    parts: list[str] = ["", *([tally] if tally else [])]
    if answer.completion_tokens and not _cut(answer):
        parts.append(_tokens(answer.completion_tokens))
    if answer.tokens_per_second is not None:
        parts.append(rate(answer.tokens_per_second))
    if answer.first_token_seconds is not None:
        parts.append(f"first {answer.first_token_seconds:.2f} s")
    return Content.assemble(_ending(answer), (" · ".join(parts), "$text-muted"))


def _ending(answer: Answer) -> tuple[str, str]:
    if answer.error is not None:
        return "✗ cut off" if answer.text else "✗ no answer", "$disagrees"
    if not answer.done:
        return ("▸ writing" if answer.text else "▸ waiting"), "$info"
    if _cut(answer):
        after = _tokens(answer.completion_tokens) if answer.completion_tokens else "the token limit"
        return f"cut at {after}", "$differs"
    reason = answer.finish_reason or "stop"
    return "finished" if reason == "stop" else literal(reason), "$text-muted"


def _cut(answer: Answer) -> bool:
    """Whether the answer had no more tokens to go on with."""
    return answer.error is None and answer.done and answer.finish_reason == "length"


def _tokens(number: int) -> str:
    return "1 token" if number == 1 else f"{count(number)} tokens"
