"""A busy server is asked again at once: what is tested is that it is, not how long one waits."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.evaluation.asking.PATIENCE", (0.0, 0.0))
