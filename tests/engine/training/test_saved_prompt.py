"""What a run leaves makes the prompt that it was trained on, or the run says that it does not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from data.templates import TEMPLATE_FILE, Template, conversation
from engine.training.saved_prompt import saved_prompt_fault

ASKED = (conversation("How fast is it?"), conversation("How much memory?", system="Be brief."))


@pytest.fixture
def saved(tiny_model: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tiny_model, tmp_path / "model")


def test_a_saved_model_with_the_template_of_the_training_is_right(saved: Path, tiny_model: Path) -> None:
    assert saved_prompt_fault(saved, Template.from_model(tiny_model), ASKED) is None


def test_another_template_in_the_saved_model_is_told(saved: Path, tiny_model: Path) -> None:
    template = Template.from_model(tiny_model)
    (saved / TEMPLATE_FILE).write_text("{{ messages[-1]['content'] }}:")
    fault = saved_prompt_fault(saved, template, ASKED)
    assert fault is not None
    assert fault.startswith("model/ does not make the prompt of the training: ")
    assert "'How fast is it?'" in fault


def test_a_saved_tokenizer_that_cannot_be_read_is_told(saved: Path, tiny_model: Path) -> None:
    template = Template.from_model(tiny_model)
    (saved / "tokenizer.json").write_text("{")
    fault = saved_prompt_fault(saved, template, ASKED)
    assert fault is not None
    assert "is not known" in fault


def test_an_adapters_folder_needs_no_configuration_of_a_model(saved: Path, tiny_model: Path) -> None:
    (saved / "config.json").unlink()
    assert saved_prompt_fault(saved, Template.from_model(tiny_model), ASKED) is None
