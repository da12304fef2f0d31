"""Reading answers: from fact to fact, from side to side, from turn to turn; scrolling, copying."""

from __future__ import annotations

from data.errors import BurnishError
from tui.compare.desk import CompareDesk
from tui.widgets.clipboard import send_to_clipboard


class Reading(CompareDesk):
    """The keys that change what is looked at, and nothing else."""

    def action_fact(self, step: int) -> None:
        """Go to another fact, in both answers; 0 to none."""
        self.focus()
        self.show_exchange(self.exchange.stepped(step))

    def action_focus_arm(self, step: int) -> None:
        """Let the keys for one side act on another one, and compare that with the first."""
        self.show_exchange(self.exchange.focus_moved(step))

    def action_sample(self, step: int) -> None:
        """Show another sample of all sides."""
        self.show_exchange(self.exchange.sample_moved(step))

    def action_turn(self, step: int) -> None:
        """Show an earlier or later turn of the conversation."""
        self.exchange = self.exchange.stepped(0)
        self.show_conversation(self.conversation.moved(step))

    def action_words(self) -> None:
        """Underline differing words, or no longer."""
        self.show_words = not self.show_words
        self.draw()

    def action_plain(self) -> None:
        """Show the answers as they came, or with their Markdown drawn."""
        self.show_plain = not self.show_plain
        self.draw()

    def action_move(self, lines: int) -> None:
        """Scroll all answers."""
        self.area.scroll(lines=lines)

    def action_page(self, views: int) -> None:
        """Scroll all answers by whole views."""
        self.area.scroll(views=views)

    async def action_copy(self) -> None:
        """Send question and answers to the terminal's clipboard."""
        exchange, _ = self.seen
        report = exchange.report
        if report is None:
            return
        question = report.question
        parts = [question.prompt, *([f"dataset: {question.reference}"] if question.reference else [])]
        parts += [f"{answer.arm}: {answer.text}" for answer in exchange.answers]
        try:
            went = await send_to_clipboard(self.app, "\n\n".join(parts) + "\n")
        except BurnishError as error:
            self.flash(error.sentence, "error")
        else:
            self.flash(f"Question and answers were {went}.", "information")
