"""What takes the place of the answers for a while: one panel at a time."""

from __future__ import annotations

from typing import TypeVar

from textual import on

from tui.compare.arms_list import ArmsList
from tui.compare.asking import Asking
from tui.compare.choice_list import ChoiceList
from tui.compare.correction import CorrectionForm
from tui.dataset.ask_panel import AskPanel

Panel = TypeVar("Panel", AskPanel, ArmsList, ChoiceList, CorrectionForm)


class Panels(Asking):
    """Nothing else of the pane can be used while a panel is open."""

    _panel: AskPanel | ArmsList | ChoiceList | CorrectionForm | None = None

    @property
    def panel_open(self) -> bool:
        """Whether something stands in the place of the answers."""
        return self._panel is not None

    def take_keyboard(self) -> None:
        """The panel where one is open, else the pane itself."""
        match self._panel:
            case AskPanel():
                self._panel.focus_line()
            case ChoiceList() | CorrectionForm():
                self._panel.take_keyboard()
            case ArmsList():
                self._panel.focus()
            case None:
                self.focus()

    async def open_panel(self, kind: type[Panel]) -> Panel:
        """Put a panel in the place of the answers; it is made when it is first needed."""
        if self._panel is not None:
            self._panel.close()
        found = self.query(kind)
        panel = found.first() if found else kind()
        if not found:
            await self.mount(panel, after=self.area)
        self._panel = panel
        self.add_class("-panel")
        self.refresh_bindings()
        return panel

    @on(ChoiceList.Left)
    @on(ArmsList.Left)
    @on(CorrectionForm.Left)
    def close_panel(self) -> None:
        """Back to the answers."""
        if self._panel is not None:
            self._panel.close()
            self._panel = None
        self.remove_class("-panel")
        self.focus()
        self.refresh_bindings()
        self.draw()
