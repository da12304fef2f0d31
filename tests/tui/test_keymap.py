"""Other keys for what can be done: named by id, checked, shown in footer and help."""

from __future__ import annotations

import json
from collections import Counter
from inspect import getmembers, isclass
from pathlib import Path

import pytest
from textual.dom import DOMNode
from textual.widgets import Input, Static, TextArea

from engine.demo.files import copy_demo
from tests.tui.test_app import opened, until
from tui.app import BurnishApp
from tui.commands import keys as command
from tui.help import HelpScreen
from tui.keymap import key_names, known_bindings, mistakes, own_bindings
from tui.settings import read_settings, settings_file


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of a settings file that is nobody's."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings_file().parent.mkdir(parents=True)
    return settings_file()


def every_class() -> set[type[DOMNode]]:
    """All widgets and screens of burnish."""
    import sys

    known_bindings()
    modules = [module for name, module in sys.modules.items() if name.startswith("tui.")]
    return {
        kind
        for module in modules
        for _, kind in getmembers(module, isclass)
        if issubclass(kind, DOMNode) and kind.__module__.startswith("tui.")
    }


def test_every_binding_has_an_id_of_its_own_a_description_and_an_explanation() -> None:
    owners: dict[str, set[str]] = {}
    for kind in every_class():
        for binding in vars(kind).get("BINDINGS", ()):
            assert binding.id, (kind, binding)
            assert binding.description, (kind, binding)
            assert binding.tooltip, (kind, binding)
            owners.setdefault(binding.id, set()).add(f"{binding.action} {binding.description}")
    assert not {name: found for name, found in owners.items() if len(found) > 1}


def test_nothing_needs_a_key_that_terminals_take_for_another() -> None:
    """ctrl+i is tab, ctrl+m enter, ctrl+h backspace, shift+enter mostly enter; alt with a digit is the terminal's."""
    same = {"ctrl+i", "ctrl+m", "ctrl+h", "ctrl+j", "ctrl+left_square_bracket", "shift+enter", "ctrl+enter"}
    same |= {f"alt+{digit}" for digit in range(10)}
    for kind in every_class():
        ways: dict[str, set[str]] = {}
        for binding in own_bindings(kind):
            ways.setdefault(binding.action, set()).update(key.strip() for key in binding.key.split(","))
        assert {action: keys for action, keys in ways.items() if keys <= same} == {}, kind


def test_no_place_has_one_key_for_two_things() -> None:
    for kind in every_class():
        keys = Counter(key.strip() for binding in own_bindings(kind) for key in binding.key.split(","))
        shared = {key for key, times in keys.items() if times > 1}
        same = {
            key
            for key in shared
            if len({binding.action for binding in own_bindings(kind) if key in binding.key.split(",")}) == 1
        }
        assert shared == same, kind


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"compare.promt": "i"}, "No key binding is called compare.promt; did you mean compare.prompt?"),
        ({"zzz": "i"}, "No key binding is called zzz; `burnish keys` lists them."),
        ({"compare.prompt": "ctrl+nothing"}, "compare.prompt: no key is called 'ctrl+nothing'."),
        ({"app.help": "q"}, "q is the key of app.help and of app.quit; give one of them another."),
    ],
)
def test_a_mistake_is_one_sentence(keys: dict[str, str], words: str) -> None:
    assert mistakes(keys) == (words,)


def test_keys_may_change_places() -> None:
    assert mistakes({"app.help": "q", "app.quit": "question_mark", "compare.prompt": "f5,?"}) == ()


async def test_another_key_works_and_is_shown(tmp_path: Path, settings: Path) -> None:
    settings.write_text('theme = "burnish-light"\n[keys]\n"app.help" = "f5"\n"app.quit" = "Q"\n')
    copy_demo(tmp_path)
    app = BurnishApp(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        assert app.theme == "burnish-light"
        assert {"f5", "Q"} <= {
            app.get_key_display(each.binding) for each in app.screen.active_bindings.values() if each.binding.show
        }
        await pilot.press("question_mark")
        assert not isinstance(app.screen, HelpScreen)
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen), "the help")
        await pilot.pause()
        said = " ".join(str(app.screen.query_one("#help-text", Static).content).split())
        assert "f5 Help Every key of every pane" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("quiet = 'over night'", "quiet must be true, false"),
        ("theme = 1", "theme must be the name of a theme"),
        ("keys = 1", "keys must be a table"),
        ("colour = 'red'", "'colour' is no setting"),
        ("[keys]\n'app.help' = 5", "the keys of app.help must be a text"),
        ("[keys", "is not a TOML file"),
        ("theme = '\xff'", "is not a TOML file"),
    ],
)
def test_a_broken_settings_file_is_told_and_keeps_nobody_from_work(settings: Path, text: str, words: str) -> None:
    settings.write_bytes(text.encode("latin-1"))
    found = read_settings()
    assert (found.theme, found.quiet, dict(found.keys)) == ("", None, {})
    [problem] = found.problems
    assert words in problem
    assert str(settings) in problem


def test_the_command_lists_what_holds(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings.write_text('[keys]\n"app.help" = "f5"\n"no.such" = "x"\n')
    assert command.run(["--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    listed = {each["id"]: each for each in told["bindings"]}
    assert listed["app.help"]["keys"] == "f5"
    assert listed["app.help"]["own"]
    assert len(told["problems"]) == 1
    assert command.run([]) == 2
    output = capsys.readouterr()
    assert "* app.help" in output.out
    assert "no.such" in output.err
    settings.unlink()
    assert command.run([]) == 0


ALIKE = {
    "down": "j",
    "up": "k",
    "left": "h",
    "right": "l",
    "home": "g",
    "end": "G",
    "pagedown": "ctrl+f",
    "pageup": "ctrl+b",
}
TYPED_IN = {"AskPanel", "ChoiceList", "FilePicker", "ReplacePanel", "RunForm"}
"""Where letters are typed: a key that is a letter cannot move anything."""


def test_arrows_and_the_keys_of_vi_do_the_same() -> None:
    for name, known in known_bindings().items():
        if issubclass(known.owner, Input | TextArea) or known.owner.__name__ in TYPED_IN:
            continue
        keys = key_names(known.binding.key)
        for arrow, letter in ALIKE.items():
            assert arrow not in keys or letter in keys, (name, arrow, letter)
