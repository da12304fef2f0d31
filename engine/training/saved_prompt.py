"""Whether the saved model makes the prompt that training made, as a server will that loads it (worker side)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from transformers import AutoTokenizer

from data.templates import Message, Template


def saved_prompt_fault(folder: Path, template: Template, conversations: Sequence[Sequence[Message]]) -> str | None:
    """A sentence when the saved model's own tokenizer and template make other token ids than training did; else None.

    Asked of transformers, whose code servers render with, for conversations that end where an answer begins.
    """
    try:
        saved = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        made = [
            saved.apply_chat_template(list(turns), add_generation_prompt=True, return_dict=False)
            for turns in conversations
        ]
    except Exception as error:  # noqa: BLE001 - whatever a tokenizer's files do to its library: the run has its result
        return f"Whether {folder.name}/ makes the prompt of the training is not known: {type(error).__name__}: {error}"
    for ids, turns in zip(made, conversations, strict=True):
        trained = template.encode(turns, add_generation_prompt=True).token_ids
        if list(ids) != list(trained):
            return (
                f"{folder.name}/ does not make the prompt of the training: {len(ids)} tokens, not {len(trained)}, for "
                f"{turns[-1]['content']!r}; a server of it answers another prompt than it was trained on."
            )
    return None
