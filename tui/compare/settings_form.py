"""The settings that all arms share, as lines to fill in."""

from __future__ import annotations

from collections.abc import Mapping

from data.errors import InputError
from engine.chat.sampling import MAX_SAMPLES, Sampling
from engine.chat.settings import NO_SEED, ChatSettings
from tui.dataset.ask_panel import Asked

_SWITCH = ("off", "on")


def questions(settings: ChatSettings) -> list[Asked]:
    """One line a setting."""
    sampling = settings.sampling
    return [
        Asked(
            "temperature",
            "temperature",
            f"{sampling.temperature:g}",
            about="0 takes the likeliest token each time, so the same prompt gives the same answer; "
            "up to 2, the higher the more varied.",
        ),
        Asked(
            "top_p",
            "top-p",
            f"{sampling.top_p:g}",
            about="Choose among the likeliest tokens that have this share of the probability together; 1 for all.",
        ),
        Asked(
            "max_tokens",
            "maximum tokens",
            str(sampling.max_tokens),
            about="An answer is cut there. Prompt and answer together must fit into the model's context.",
        ),
        Asked(
            "seed",
            "seed",
            NO_SEED if sampling.seed is None else str(sampling.seed),
            about=f"The same seed gives the same answers at a temperature above 0; {NO_SEED} for others each time.",
        ),
        Asked(
            "n",
            "samples",
            str(sampling.n),
            about=f"How many answers each side gives, 1 to {MAX_SAMPLES}; with a dataset's answer it is counted how "
            "often each side is right.",
        ),
        Asked(
            "probabilities",
            "token probabilities",
            _SWITCH[sampling.probabilities],
            _SWITCH,
            about="Show the lowest token probability inside a marked fact, as p 0.41: a hint, no verdict. vLLM only; "
            "it makes the stream three times as large.",
        ),
        Asked(
            "system",
            "system prompt",
            settings.system.replace("\n", "\\n"),
            about="Stands before the conversation of every side; empty for what the model's own template puts there. "
            "\\n is a line break.",
        ),
    ]


def settings_of(values: Mapping[str, str]) -> ChatSettings:
    """The settings of what was typed. Raises InputError."""
    seed = values["seed"].strip()
    sampling = Sampling(
        temperature=_number(values, "temperature"),
        top_p=_number(values, "top_p"),
        max_tokens=_whole(values, "max_tokens"),
        seed=None if seed in (NO_SEED, "") else _whole(values, "seed"),
        n=_whole(values, "n"),
        probabilities=values["probabilities"] == _SWITCH[1],
    )
    sampling.require()
    return ChatSettings(sampling, values["system"].replace("\\n", "\n"))


def _number(values: Mapping[str, str], name: str) -> float:
    try:
        return float(values[name])
    except ValueError:
        raise InputError(f"{name.replace('_', ' ')}: {values[name]!r} is no number.") from None


def _whole(values: Mapping[str, str], name: str) -> int:
    try:
        return int(values[name])
    except ValueError:
        raise InputError(f"{name.replace('_', ' ')}: {values[name]!r} is no whole number.") from None
