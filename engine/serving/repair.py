"""A model's directory as the server at hand can read it: the export itself, or a repaired copy of its small files.

What a newer transformers writes an older one refuses, or reads wrongly without a word. The export is never changed: the
copy lies in the server's own folder, with links to the weights.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from data.settings_files import read_json_object
from data.templates import TEMPLATE_FILE

TOKENIZER_CONFIG = "tokenizer_config.json"
CONFIG = "config.json"


def servable(model: Path, folder: Path, *, transformers: str, template: str | None = None) -> Path:
    """The directory that a server is given: `model`, or `folder` with the repaired copy.

    `transformers` is the version that will read it ("" when it is not known: then every version can); `template` is
    the chat template of the training, for an export that has none. Raises InputError for a file that is no JSON,
    OSError when the copy cannot be written.
    """
    repaired = repaired_files(model, transformers=transformers, template=template)
    shutil.rmtree(folder, ignore_errors=True)
    if not repaired:
        return model
    folder.mkdir(parents=True)
    for file in model.iterdir():
        if file.name not in repaired:
            (folder / file.name).symlink_to(file.resolve())
    for name, text in repaired.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def repaired_files(model: Path, *, transformers: str, template: str | None = None) -> dict[str, str]:
    """The files that the server needs otherwise than they are, by name; none where it can read the export."""
    older = not transformers or int(transformers.split(".")[0]) < 5
    settings, config = read_json_object(model / TOKENIZER_CONFIG), read_json_object(model / CONFIG)
    found: dict[str, str] = {}
    file = model / TEMPLATE_FILE
    source = file.read_text(encoding="utf-8") if file.is_file() else None
    if source is None and not settings.get("chat_template") and template is not None:
        source = found[TEMPLATE_FILE] = template
    if older:
        mended = _for_older_tokenizers(settings, source)
        if mended != settings:
            found[TOKENIZER_CONFIG] = _text(mended)
        mended = _for_older_models(config)
        if mended != config:
            found[CONFIG] = _text(mended)
    return found


def _for_older_tokenizers(settings: dict[str, Any], template: str | None) -> dict[str, Any]:
    """Version 5 names a class that 4 does not have, and lists further special tokens under another name; versions
    before 4.44 look for the template in this file only."""
    mended = dict(settings)
    if mended.get("tokenizer_class") == "TokenizersBackend":
        mended["tokenizer_class"] = "PreTrainedTokenizerFast"
    if isinstance(mended.get("extra_special_tokens"), list):
        mended["additional_special_tokens"] = mended.pop("extra_special_tokens")
    if mended and template is not None and not mended.get("chat_template"):
        mended["chat_template"] = template
    return mended


def _for_older_models(config: dict[str, Any]) -> dict[str, Any]:
    """Version 5 writes `rope_parameters` and `dtype`; 4 knows neither and would take a `rope_theta` of its own, which
    makes a model that talks nonsense."""
    mended = dict(config)
    rope = mended.get("rope_parameters")
    if isinstance(rope, dict) and isinstance(rope.get("rope_theta"), int | float):
        mended.setdefault("rope_theta", rope["rope_theta"])
        scaling = {name: value for name, value in rope.items() if name != "rope_theta"}
        if scaling.get("rope_type", "default") != "default":
            mended.setdefault("rope_scaling", scaling)
    if isinstance(mended.get("dtype"), str):
        mended.setdefault("torch_dtype", mended["dtype"])
    for part in ("text_config",):
        if isinstance(mended.get(part), dict):
            mended[part] = _for_older_models(mended[part])
    return mended


def _text(values: dict[str, Any]) -> str:
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"
