"""A run that is being filled in: texts as typed, and the job they make."""

from __future__ import annotations

from typing import Any

from data.errors import InputError
from engine.training.job import TrainingJob, job_from
from engine.training.methods.method import Method
from engine.training.methods.registry import METHODS
from tui.training.settings import SETTINGS
from tui.training.settings.reading import HeldOut
from tui.training.settings.setting import Setting
from tui.widgets.figures import power

ALPHA_PER_RANK = 2

_BY_PATH = {setting.path: setting for setting in SETTINGS}
_METHOD = "method."


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

    @property
    def _chosen(self) -> Method:
        return next(method for kind, method in METHODS.items() if kind == self.texts["method.kind"])

    def set(self, path: str, text: str) -> list[str]:
        """Take what the person wrote; gives the settings that depend on it and have followed."""
        if self.texts[path] == text:
            return []
        self.texts[path] = text
        self._touched.add(path)
        if path == "method.kind":
            return self._follow("training.learning_rate", self._chosen.learning_rate)
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
        name = setting.path.removeprefix(_METHOD)
        return not setting.path.startswith(_METHOD) or name == "kind" or name in self._chosen.settings

    def explanation(self, setting: Setting) -> str:
        """What a setting does and what is usual, for the method that is chosen."""
        if setting.path == "method.kind":
            return self._chosen.explanation
        if setting.path == "training.learning_rate":
            low, high = map(power, self._chosen.learning_rates)
            return f"{setting.explanation} Usual for {self._chosen.kind}: {low} to {high}."
        return setting.explanation

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
    sentence = sentence.removeprefix("run").lstrip(":, ")
    for setting in sorted(SETTINGS, key=lambda each: -len(each.path)):
        names = [setting.path, f"{setting.path}_fraction"] if setting.path == "dataset.held_out" else [setting.path]
        for name in reversed(names):
            rest = sentence.removeprefix(name)
            # "dataset.mix[2].path is empty" is about that setting too; "name" is not what "names …" begins with.
            if rest != sentence and rest[:1] in (" ", ":", "[", "."):
                return SettingError(setting.path, setting.label + rest)
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
