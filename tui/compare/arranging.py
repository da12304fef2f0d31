"""Arranging a comparison: which sides answer, and the settings that they share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from textual import on
from textual.content import Content

from data.errors import BurnishError, InputError
from engine.chat.arms import Arm, require_arms, write_arms
from engine.chat.settings import ChatSettings, write_settings
from tui.compare import arm_form, settings_form
from tui.compare.arms_list import ArmsList
from tui.compare.panels import Panels
from tui.dataset.ask_panel import AskPanel
from tui.literal import literal


class Arranging(Panels):
    """The panels of the settings and of the sides."""

    _asking_for: Literal["settings", "arm"] = "settings"
    _arm_place: int | None = None

    async def action_settings(self) -> None:
        """Change what all sides share."""
        panel = await self.open_panel(AskPanel)
        self._asking_for = "settings"
        await panel.open("settings of all sides", settings_form.questions(self.settings))

    async def action_arms(self) -> None:
        """Change the sides."""
        panel = await self.open_panel(ArmsList)
        panel.open(self.arms)

    @on(ArmsList.Wanted)
    async def _describe_arm(self, event: ArmsList.Wanted) -> None:
        event.stop()
        self._arm_place = event.place
        arm = Arm("", "") if event.place is None else self.arms[event.place]
        targets = [server.name for server in self.serving.servers] + [name for name, _ in self.serving.runs[:5]]
        panel = await self.open_panel(AskPanel)
        self._asking_for = "arm"
        title = "a new side" if event.place is None else f"side {arm.name}"
        await panel.open(title, arm_form.questions(arm, list(dict.fromkeys(targets))))

    @on(AskPanel.Changed)
    def _check(self, event: AskPanel.Changed) -> None:
        event.stop()
        try:
            self._meant(event.values)
        except InputError as error:
            self._say(Content.styled(literal(error.sentence), "$disagrees"))
        else:
            self._say(Content())

    @on(AskPanel.Accepted)
    async def _accept(self, event: AskPanel.Accepted) -> None:
        event.stop()
        try:
            meant = self._meant(event.values)
            if isinstance(meant, tuple):
                write_arms(self.workspace, meant)
                self.arms = meant
            else:
                write_settings(self.workspace, meant)
                self.settings = meant
        except BurnishError as error:
            self._say(Content.styled(literal(error.sentence), "$disagrees"))
            return
        if self._asking_for == "arm":
            await self.action_arms()
        else:
            self.close_panel()

    def _meant(self, values: Mapping[str, str]) -> ChatSettings | tuple[Arm, ...]:
        if self._asking_for == "settings":
            return settings_form.settings_of(values)
        arm = arm_form.typed_arm(values)
        if self._arm_place is None:
            arms = (*self.arms, arm)
        else:
            arms = tuple(arm if place == self._arm_place else each for place, each in enumerate(self.arms))
        require_arms(arms)
        return arms

    def _say(self, what: Content) -> None:
        if isinstance(self._panel, AskPanel):
            self._panel.say(what)

    @on(ArmsList.Changed)
    def _take_arms(self, event: ArmsList.Changed) -> None:
        event.stop()
        try:
            write_arms(self.workspace, event.arms)
        except BurnishError as error:
            self.flash(error.sentence, "error")
        self.arms = event.arms

    @on(AskPanel.Left)
    async def _leave_form(self, event: AskPanel.Left) -> None:
        event.stop()
        if self._asking_for == "arm":
            await self.action_arms()
        else:
            self.close_panel()
