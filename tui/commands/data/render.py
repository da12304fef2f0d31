"""`burnish data render FILE --row N --model M`: a row as the model sees it."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

from data.errors import InputError
from data.formats.mapping_file import mapping_of
from data.formats.reading import format_of_store
from data.rendered_row import RenderedRow, read_conversation, render_row
from data.templates import Template
from data.wording import counted
from engine.models.tokenizer import context_length, tokenizer_directory, tokenizing_of
from tui.commands.data.opening import dataset_file, opened
from tui.commands.data.show import row_at
from tui.commands.parser import print_json
from tui.dataset.token_lines import GUTTER, text_lines
from tui.literal import literal


def add_parser(subparsers: Any) -> None:
    """Add `render`."""
    parser = subparsers.add_parser(
        "render",
        description="Show the text, the tokens and the loss mask of a row, exactly as training is fed them.",
        epilog="With --json: text, token_ids and loss_mask (1 for a token that carries loss) are whole; training is "
        "fed the first `fed` of them; `cut` tokens are lost to the maximum length.",
    )
    parser.add_argument("file", type=dataset_file, metavar="FILE", help="the dataset file")
    parser.add_argument("--row", type=int, metavar="N", default=1, help="the row, from 1 (default: 1)")
    parser.add_argument(
        "--model", metavar="M", help="whose tokenizer and chat template (default: that of the newest run here)"
    )
    parser.add_argument("--max-length", type=int, metavar="L", help="tokens a row may have (default: no limit)")
    parser.add_argument("--json", action="store_true", help="one JSON value on stdout, for machines")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    if arguments.max_length is not None and arguments.max_length < 1:
        raise InputError("--max-length must be at least 1.")
    with opened(arguments.file) as store:
        row = row_at(store, arguments.row)
        if row.values is None:
            raise InputError(row.error or f"Row {row.number} cannot be read.")
        form = format_of_store(store, mapping_of(store.path))
    model = arguments.model or tokenizing_of(Path()).model
    directory = tokenizer_directory(model, Path())
    template = Template.from_model(directory)
    limits = [each for each in (arguments.max_length, context_length(directory)) if each]
    rendered = render_row(template, read_conversation(row.values, row.number, form), min(limits, default=None))
    if arguments.json:
        print_json(
            {
                "file": str(arguments.file),
                "row": row.number,
                "model": model,
                "text": rendered.text,
                "token_ids": rendered.token_ids,
                "loss_mask": [int(each) for each in rendered.target_mask],
                "offsets": rendered.offsets,
                "fed": rendered.fed,
                "learnt": rendered.learnt,
                "cut": rendered.cut,
            }
        )
    else:
        _print(rendered, template, model)
    return 0


def _print(rendered: RenderedRow, template: Template, model: str) -> None:
    cut = f", {rendered.cut:,} cut off" if rendered.cut else ""
    said = f"{counted(rendered.whole, 'token')}, {rendered.learnt:,} carry loss (▌){cut}"
    print(literal(f"{model}  {said}", one_line=True))
    width = shutil.get_terminal_size((80, 24)).columns
    for line in text_lines(rendered, template.special_ids, width - GUTTER):
        print(f"{line.gutter} {''.join(part.text for part in line.parts)}".rstrip())
