"""All checks, in the order in which they are shown."""

from __future__ import annotations

from data.quality.characters import CHARACTERS
from data.quality.check import Check
from data.quality.conflicts import CONFLICT
from data.quality.contradictions import CONTRADICTION
from data.quality.cut_off import CUT_OFF
from data.quality.debris import DEBRIS
from data.quality.duplicates import DUPLICATE
from data.quality.emptiness import EMPTY
from data.quality.languages import LANGUAGE
from data.quality.length import TOO_LONG
from data.quality.lopsided import LOPSIDED
from data.quality.near_duplicates import NEAR_DUPLICATE
from data.quality.no_answer import NO_ANSWER
from data.quality.roles import ROLES
from data.quality.secrets import EMAIL, SECRET

CHECKS: tuple[Check, ...] = (
    EMPTY,
    ROLES,
    DUPLICATE,
    NEAR_DUPLICATE,
    CONFLICT,
    CONTRADICTION,
    CUT_OFF,
    DEBRIS,
    NO_ANSWER,
    TOO_LONG,
    CHARACTERS,
    LANGUAGE,
    SECRET,
    EMAIL,
    LOPSIDED,
)
"""Every check there is."""
NAMES: tuple[str, ...] = tuple(check.name for check in CHECKS)
