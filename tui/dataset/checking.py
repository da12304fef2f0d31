"""Rows with what the quality checks say of them, and the verbs that follow from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from data.atomic import write_atomically
from data.errors import BurnishError
from data.quality.flag import Flag
from data.wording import counted
from tui.dataset.check_choice import turn_off, turned_off
from tui.dataset.desk import RowDesk
from tui.dataset.flag_line import FlagLine, fixable
from tui.dataset.row_verbs import RowVerbs
from tui.dataset.table import RowTable
from tui.messages import Flashed

if TYPE_CHECKING:
    from tui.dataset.check_list import CheckList

_VERBS = ("check", "checks", "fix", "go_to_other")


class CheckDesk(Vertical):
    """The desk with the rows, a line for the flags of the row at the cursor, and the list of checks."""

    BINDING_GROUP_TITLE = "Checking rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "check", "Check", id="dataset.check", tooltip="Look for what is wrong with the rows; again stops"),
        Binding(
            "C", "checks", "Checks", show=False, id="dataset.checks", tooltip="What each check finds, costs, and on/off"
        ),
        Binding(
            "x",
            "fix",
            "Fix",
            show=False,
            id="dataset.fix",
            tooltip="Mend what is flagged, in the marked rows or this one",
        ),
        Binding(
            "percent_sign",
            "go_to_other",
            "Other row",
            show=False,
            key_display="%",
            id="dataset.other-row",
            tooltip="Go to the row that a flag is about: the double, the contradiction",
        ),
    ]
    LATER = (("tui.dataset.check_list", "CheckList"),)
    DEFAULT_CSS = """
    CheckDesk {
        height: 1fr;
        &.-listing > RowVerbs, &.-listing > FlagLine { display: none; }
    }
    """

    def __init__(self, verbs: RowVerbs, workspace: Path) -> None:
        super().__init__()
        self._verbs = verbs
        self.desk = verbs.desk
        self._workspace = workspace
        self._off = turned_off(workspace)
        self._line = FlagLine()
        self.checks: CheckList | None = None
        """The list of checks, once it was asked for."""

    def compose(self) -> ComposeResult:
        """The rows and the line under them; the list comes when it is needed."""
        yield self._verbs
        yield self._line

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What cannot be done now is not offered."""
        if action not in _VERBS:
            return True
        if self.desk.store is None or not self.desk.table.has_focus:
            return False
        match action:
            case "fix":
                return any(map(fixable, self._flags()))
            case "go_to_other":
                return any(flag.other is not None for flag in self._flags())
        return True

    @property
    def listing(self) -> bool:
        """Whether the list of checks is shown instead of the rows."""
        return self.has_class("-listing")

    def _flags(self) -> list[Flag]:
        """What is said of the row at the cursor."""
        index = self.desk.table.index
        return [] if index is None else self.desk.checkup.flags.get(index, [])

    @on(RowTable.CursorMoved)
    @on(RowDesk.RowsEdited)
    def show_flags(self) -> None:
        """Say what is wrong with the row at the cursor."""
        desk = self.desk
        row = desk.table.row if desk.known.has_labels else None
        self._line.set_class(desk.known.has_labels, "-any")
        self._line.show(self._flags(), () if row is None else desk.known.tags_of_row(row))

    # -- the checks ---------------------------------------------------------------------------------------------------

    def action_check(self) -> None:
        """Run the checks, or stop them."""
        if self.desk.checkup.running:
            self.workers.cancel_group(self, "check")
            self.desk.checkup.stopped()
            self._tell()
        else:
            self._check()

    def on_check_list_run_wanted(self) -> None:
        """Run the checks, or stop them."""
        self.action_check()

    @work(exclusive=True, group="check")
    async def _check(self) -> None:
        desk, checkup = self.desk, self.desk.checkup
        if desk.store is None or desk.format is None:
            return
        limits = (desk.tokens.template, desk.tokens.max_tokens)
        try:
            await checkup.run(desk.store, desk.format, self._off, limits, self._tell, self._workspace)
        except BurnishError as error:
            checkup.stopped()
            self.post_message(Flashed(error.sentence, severity="error"))
            return
        if checkup is not desk.checkup:
            return  # another file is shown by now
        rows = len(checkup.flags)
        if not self.listing:
            words = f"{counted(rows)} flagged · f goes to the next, C lists the checks"
            self.post_message(Flashed(words if rows else "nothing is flagged"))
        for finding in checkup.findings[:1]:
            if not self.listing and not rows:
                self.post_message(Flashed(finding.text, severity="warning"))

    def _tell(self) -> None:
        self.desk.table.refresh()
        self._show_list()
        self.post_message(RowDesk.RowsEdited())

    def _show_list(self) -> None:
        if self.checks is not None:
            self.checks.show(self.desk.checkup, self._off)

    async def action_checks(self) -> None:
        """Show the list."""
        from tui.dataset.check_list import CheckList

        if self.checks is None:
            self.checks = CheckList()
            await self.mount(self.checks)
        self.add_class("-listing")
        self.checks.open(self.desk.checkup, self._off)

    def on_check_list_left(self) -> None:
        """Back to the rows."""
        self.leave_list()

    def leave_list(self) -> None:
        """Show the rows again."""
        if self.checks is not None and self.listing:
            self.checks.close()
            self.remove_class("-listing")
            self.desk.focus_first()

    def on_check_list_rows_wanted(self, event: CheckList.RowsWanted) -> None:
        """Show the rows that a check flags."""
        event.stop()
        self.leave_list()
        self.desk.browser.filter(f"flag:{event.check}", self.desk.table.index)

    def on_check_list_turned(self, event: CheckList.Turned) -> None:
        """Turn a check on or off."""
        event.stop()
        self._off ^= {event.check}
        try:
            turn_off(self._workspace, self._off)
        except BurnishError as error:
            self.post_message(Flashed(error.sentence, severity="error"))
        self._show_list()

    def on_check_list_report_wanted(self) -> None:
        """Write the report beside the file."""
        store, checker = self.desk.store, self.desk.checkup.checker
        if store is None or checker is None:
            self.post_message(Flashed("run the checks first: c", severity="warning"))
            return
        from data.quality.report import as_markdown

        path = self._workspace / f"{store.path.stem}.checks.md"
        try:
            write_atomically(path, as_markdown(checker, store.path.name))
        except BurnishError as error:
            self.post_message(Flashed(error.sentence, severity="error"))
            return
        self.post_message(Flashed(f"report written to {path.name}"))

    # -- what follows from a flag -------------------------------------------------------------------------------------

    def action_fix(self) -> None:
        """Mend the marked rows, or the one at the cursor, as far as there is a safe way."""
        desk = self.desk
        rows = sorted(desk.table.marked) or [index for index in [desk.table.index] if index is not None]
        flags = [flag for row in rows for flag in desk.checkup.flags.get(row, []) if fixable(flag)]
        deleted = {flag.row for flag in flags if flag.delete}
        fixes: dict[int, dict[str, object]] = {}
        for flag in flags:
            # One fix a row and run: a second one was worked out on the text before the first.
            if flag.fix is not None and flag.row not in deleted:
                fixes.setdefault(flag.row, dict(flag.fix))
        if fixes:
            desk.do(lambda edits: edits.set_many(fixes, "mended what was flagged"))
        if deleted:
            desk.do(lambda edits: edits.delete(deleted))

    def action_go_to_other(self) -> None:
        """Go to the row that a flag is about."""
        others = [flag.other for flag in self._flags() if flag.other is not None]
        if others:
            self.desk.browser.go_to_row(others[0])
