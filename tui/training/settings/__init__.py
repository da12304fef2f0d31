"""The settings of a run as the form shows them: label, way of writing, one line of explanation."""

from __future__ import annotations

from tui.training.settings.keeping import KEEPING
from tui.training.settings.learning import LEARNING
from tui.training.settings.method import METHOD
from tui.training.settings.rows import ROWS
from tui.training.settings.setting import Setting
from tui.training.settings.usual import USUAL

SETTINGS: tuple[Setting, ...] = (*USUAL, *ROWS, *METHOD, *LEARNING, *KEEPING)
"""In the order of the form: those that are always shown first, then the rarer ones by their headings."""
