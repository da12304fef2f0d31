"""What a run knows of itself: its best loss, its time, and when it has to end."""

from __future__ import annotations

import json
import math

import pytest

from engine.jobs.events import RunState
from engine.training.plan import Rhythm
from engine.training.save_times import SaveTimes
from engine.training.standing import Standing, not_falling, out_of_time, standing_from


def after(*losses: float) -> Standing:
    standing = Standing()
    for step, loss in enumerate(losses, start=1):
        standing.measured(step, loss)
    return standing


def test_the_lowest_loss_is_the_best_and_no_number_never_is() -> None:
    standing = Standing()
    gained = [standing.measured(step, loss) for step, loss in enumerate([2.0, math.nan, 1.0, 1.0, 1.5], start=1)]
    assert gained == [True, False, True, False, False]
    assert (standing.best_step, standing.best_loss, standing.without_gain) == (3, 1.0, 2)


@pytest.mark.parametrize("standing", [Standing(), after(2.0, 1.0, 3.0)])
def test_it_comes_back_from_its_file(standing: Standing) -> None:
    standing.trained_seconds = 12.5
    standing.kept_step = standing.best_step
    assert standing_from(json.loads(json.dumps(standing.as_json()))) == standing
    assert standing_from({"of another version": 1}) == Standing()


def test_early_stopping_waits_for_as_many_evaluations_as_it_was_told() -> None:
    assert not_falling(9, after(3, 2, 4, 4), 3) is None
    assert not_falling(9, after(3, 2, 4, 4), 0) is None
    ending = not_falling(5, after(3, 2, 4, 4, 4), 3)
    assert ending is not None
    assert ending.state is RunState.FINISHED
    sentence = "stopped early at step 5: the held-out loss has not fallen for 3 evaluations; best 2.000 at step 2"
    assert ending.words == sentence
    never = not_falling(1, after(math.nan), 1)
    assert never is not None
    assert never.words == "stopped early at step 1: the held-out loss has not fallen for the last evaluation"


def test_the_hours_of_a_run_end_it() -> None:
    standing = Standing(trained_seconds=7199)
    assert out_of_time(3, standing, 2.0) is None
    assert out_of_time(3, standing, 0.0) is None
    standing.trained_seconds = 7200
    ending = out_of_time(3, standing, 2.0)
    assert ending is not None
    assert ending.state is RunState.STOPPED
    assert ending.words == "stopped at step 3 after 2 hours of training (limits.hours); checkpoint saved"


def test_a_checkpoint_is_due_by_steps_by_time_and_at_the_end() -> None:
    saves = SaveTimes(Rhythm(0, 100), 600, 0)
    due: list[int] = []
    for step in range(1, 101):
        if saves.due(step, step * 70):
            due.append(step)
            saves.saved(step * 70)
    assert due == [9, 18, 27, 36, 45, 54, 63, 72, 81, 90, 99, 100]
    assert not SaveTimes(Rhythm(0, 100), 0, 0).due(50, 1e9)
    assert SaveTimes(Rhythm(25, 100), 600, 0).due(50, 1)
    # A run that goes on counts from where it stands.
    assert not SaveTimes(Rhythm(0, 100), 600, 5000).due(50, 5599)


def test_what_is_left_to_save_follows_from_the_time_that_is_left() -> None:
    saves = SaveTimes(Rhythm(0, 100), 600, 0)
    assert saves.left(40, 1900) == 4
    assert saves.left(100, 0) == 0
    assert SaveTimes(Rhythm(10, 100), 600, 0).left(40, 1900) == 6
    assert SaveTimes(Rhythm(0, 100), 0, 0).left(40, 1900) == 1
