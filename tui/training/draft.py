"""A run that is being filled in: texts as typed, and the job they make."""

from __future__ import annotations

from typing import Any

from data.errors import InputError
from engine.training.job import TrainingJob, job_from
from tui.training.settings import SETTINGS, HeldOut, Setting

LEARNING_RATES = {"lora": 1e-3, "full": 1e-4}
"""Learning rate that a method starts with."""
ALPHA_PER_RANK = 2

_BY_PATH = {setting.path: setting for setting in SETTINGS}


class SettingError(InputError):
    """A setting cannot be used as it stands."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(sentence)
        self.path = path
        """The setting; empty when the sentence names none."""


class Draft:
    """The texts of all settings. Those the person has not touched follow the method and the rank."""

    def __init__(self, job: TrainingJob) -> None:
        self.texts: dict[str, str] = {setting.path: setting.write(_value(job, setting)) for setting in SETTINGS}
        self._touched: set[str] = set()

    def set(self, path: str, text: str) -> list[str]:
        """Take what the person wrote; gives the settings that depend on it and have followed."""
        if self.texts[path] == text:
            return []
        self.texts[path] = text
        self._touched.add(path)
        if path == "method.kind" and text in LEARNING_RATES:
            return self._follow("training.learning_rate", LEARNING_RATES[text])
        if path == "method.rank":
            try:
                return self._follow("method.alpha", ALPHA_PER_RANK * _BY_PATH[path].read(text))
            except InputError:
                return []
        return []

    def suggest(self, path: str, text: str) -> bool:
        """Fill in a setting that the person has not touched; whether that changed it."""
        if path in self._touched or self.texts[path] == text:
            return False
        self.texts[path] = text
        return True

    def applies(self, setting: Setting) -> bool:
        """Whether the chosen method has this setting."""
        return setting.only_for in ("", self.texts["method.kind"])

    def job(self) -> TrainingJob:
        """The job that the texts make. Raises SettingError with one sentence."""
        values: dict[str, Any] = {}
        for setting in SETTINGS:
            try:
                value = setting.read(self.texts[setting.path])
            except InputError as error:
                raise SettingError(setting.path, f"{setting.label} {error.sentence}.") from None
            _put(values, setting.path, value)
        try:
            return job_from(values, where="run")
        except InputError as error:
            raise setting_error(error.sentence) from None

    def _follow(self, path: str, value: object) -> list[str]:
        return [path] if self.suggest(path, _BY_PATH[path].write(value)) else []


def setting_error(sentence: str) -> SettingError:
    """A sentence of the job's own check, in the words of the form."""
    sentence = sentence.removeprefix("run: ")
    for setting in sorted(SETTINGS, key=lambda each: -len(each.path)):
        names = [setting.path, f"{setting.path}_fraction"] if setting.path == "dataset.held_out" else [setting.path]
        for name in reversed(names):
            if sentence.startswith(f"{name} "):
                return SettingError(setting.path, setting.label + sentence.removeprefix(name))
    return SettingError("", sentence)


def _value(job: TrainingJob, setting: Setting) -> object:
    if setting.path == "dataset.held_out":
        return HeldOut(job.dataset.held_out, job.dataset.held_out_fraction)
    value: Any = job
    for name in setting.path.split("."):
        value = getattr(value, name)
    return value


def _put(values: dict[str, Any], path: str, value: object) -> None:
    *sections, name = path.split(".")
    table = values
    for section in sections:
        table = table.setdefault(section, {})
    if isinstance(value, HeldOut):
        table["held_out"], table["held_out_fraction"] = value.file, value.share
    else:
        table[name] = list(value) if isinstance(value, tuple) else value
