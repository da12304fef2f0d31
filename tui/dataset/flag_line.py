"""The line that says what is wrong with the row at the cursor, and what can be done about it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from textual.content import Content
from textual.widget import Widget

from data.quality.flag import Flag
from tui.dataset.checkup import signs
from tui.literal import literal


class FlagLine(Widget):
    """One line, there from the first flag of a file on, so that nothing jumps when the cursor moves."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    FlagLine {
        height: 1; display: none; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis;
        &.-any { display: block; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._words = Content()

    def show(self, flags: Sequence[Flag], tags: Collection[str]) -> None:
        """Show these; the first flag with its reason, the others by name."""
        parts: list[str | tuple[str, str]] = []
        keys: list[str | tuple[str, str]] = []
        if flags:
            first = flags[0]
            parts += [(f"{signs().get(first.check, '!')} {first.check}", "$differs"), "  "]
            parts.append(literal(first.reason, one_line=True))
            more = [flag.check for flag in flags[1:]]
            if more:
                parts.append((f"  +{len(more)}: {', '.join(dict.fromkeys(more))}", "$dim"))
            if first.other is not None:
                keys += [("   %", "bold $accent"), (" go there", "$dim")]
            if any(fixable(flag) for flag in flags):
                keys += [("   x", "bold $accent"), (" fix", "$dim")]
        if tags:
            parts.append((f"{'   ' if flags else ''}# {', '.join(sorted(tags))}", "$accent"))
        words = Content.assemble(*parts, *keys)
        if words != self._words:
            self._words = words
            self.refresh()

    def render(self) -> Content:
        """The words."""
        return self._words


def fixable(flag: Flag) -> bool:
    """Whether there is a safe way to mend what a flag says."""
    return flag.fix is not None or flag.delete
