"""The ways out of the workbench: the keys, and an error that nothing takes."""

from __future__ import annotations

from textual.worker import WorkerFailed

from tui.pane_app import PaneApp

HESITATION = 5.0
"""Seconds that the first of two keys which quit waits for the second."""


class QuittingApp(PaneApp):
    """Quits at once where nothing is open, and otherwise at the second press."""

    _leaving = False
    """Whether the next key that quits does so."""

    def action_interrupt(self) -> None:
        """Quit at the second press: the first may have been meant for something else."""
        if self._leaving:
            self.exit(0)
            return
        self._hesitate("Press ctrl+c again to quit; runs and servers go on.")

    def action_leave(self) -> None:
        """Quit; asked twice where edits are not saved or a run is active. Runs and servers go on either way."""
        if self._leaving:
            self.exit(0)
            return
        unsaved = self._dataset.unsaved if self.query("#dataset") else 0
        going = bool(self.query("TrainingStrip")) and self._strip.active
        if unsaved or going:
            edits = f"{unsaved} unsaved edits are kept in the journal. " if unsaved else ""
            self._hesitate(f"{edits}{'The run goes on. ' if going else ''}Press q again to quit.")
            return
        self.exit(0)

    def _hesitate(self, words: str) -> None:
        self._leaving = True
        self.set_timer(HESITATION, self._stay)
        self._flash(words, "warning")

    def _stay(self) -> None:
        self._leaving = False

    def _fatal_error(self) -> None:
        """End with a sentence where Textual prints a traceback with all values: it is in the log, for those who ask."""
        from rich.text import Text

        from tui.crash_log import crash_sentence

        failed = self._exception
        error = failed.error if isinstance(failed, WorkerFailed) else failed
        said = crash_sentence(error) if error is not None else "something went wrong."
        self._exit_renderables.append(
            Text(f"burnish: {said}\nRuns and servers go on, and edits that were not saved are kept in the journal.")
        )
        self._close_messages_no_wait()
