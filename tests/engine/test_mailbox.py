from __future__ import annotations

from engine.mailbox import Mailbox
from engine.reports import Failed, HardwareSampled


def test_a_screen_that_sleeps_finds_only_the_newest_state() -> None:
    wakes: list[int] = []
    box = Mailbox(lambda: wakes.append(1))
    for used in range(1000):
        box.put(HardwareSampled(used, 2000, 0.5))
    assert len(wakes) == 1
    assert box.take() == [HardwareSampled(999, 2000, 0.5)]
    assert box.take() == []
    box.put(HardwareSampled(1, 2000, 0.5))
    assert len(wakes) == 2


def test_failures_are_all_kept_up_to_a_hundred() -> None:
    box = Mailbox(lambda: None)
    for number in range(250):
        box.put(Failed("No", f"Failure {number}."))
    sentences = [report.sentence for report in box.take() if isinstance(report, Failed)]
    assert sentences == [f"Failure {number}." for number in range(150, 250)]
