"""How a conversation becomes text and tokens: the model's own chat template, without transformers.

Training, the preview of a row, evaluation and chat all render through this module, so that a tuned model is asked in
exactly the words it was trained with. Only Jinja (sandboxed) and the `tokenizers` library are needed, and both are
imported when first used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import InputError
from data.loss_mask import LeftOut, answer_spans, target_mask
from data.settings_files import read_json_object

if TYPE_CHECKING:
    import jinja2
    from tokenizers import Tokenizer

Message = Mapping[str, str]
"""One turn: `role` ("system", "user" or "assistant") and `content`."""

TEMPLATE_FILE = "chat_template.jinja"
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", TEMPLATE_FILE)
"""The files of a model's directory that decide how text becomes tokens; the first is required."""

ALPACA = """\
{%- for message in messages -%}
{%- if message.role == 'system' -%}
{{ message.content + '\\n\\n' }}
{%- elif message.role == 'user' -%}
{%- if loop.first -%}
{{ 'Below is an instruction that describes a task. Write a response that appropriately completes the request.\\n\\n' }}
{%- endif -%}
{{ '### Instruction:\\n' + message.content + '\\n\\n' }}
{%- else -%}
{{ '### Response:\\n' + message.content + eos_token + '\\n\\n' }}
{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '### Response:\\n' }}{%- endif -%}
"""
"""The template of the Stanford Alpaca project, for models that carry none of their own."""

CONTINUED = "{% for message in messages %}{{ message.content }}{% endfor %}"
"""The template of text that goes on where a prompt ends, without turns."""

_SPECIAL_TOKENS = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")


@dataclass(frozen=True, slots=True)
class Rendering:
    """A conversation as the model sees it."""

    text: str
    token_ids: tuple[int, ...]
    target_mask: tuple[bool, ...]
    """For each token whether it belongs to an answer that is learnt, the token that ends the turn included."""
    offsets: tuple[tuple[int, int], ...]
    """For each token where it begins and ends in `text`, in characters."""


def conversation(question: str, answer: str | None = None, *, system: str | None = None) -> list[Message]:
    """The turns of one question, with its answer where there is one."""
    turns: list[Message] = [{"role": "system", "content": system}] if system else []
    turns.append({"role": "user", "content": question})
    if answer is not None:
        turns.append({"role": "assistant", "content": answer})
    return turns


class Template:
    """A chat template together with the tokenizer it was made for."""

    def __init__(
        self, source: str, tokenizer_file: Path, special_tokens: Mapping[str, str], *, name: str = "the model"
    ) -> None:
        self.source = source
        """The Jinja text."""
        self.name = name
        """What error sentences call it."""
        self.special_tokens = dict(special_tokens)
        """`bos_token`, `eos_token` and the like, as the template's variables."""
        self._tokenizer_file = tokenizer_file

    @classmethod
    def from_model(cls, directory: Path) -> Template:
        """The template of a model's directory, or Alpaca's where the model has none (`own` tells).

        Raises InputError when there is no tokenizer.json or a file is not JSON.
        """
        tokenizer_file = directory / "tokenizer.json"
        if not tokenizer_file.is_file():
            raise InputError(f"{directory} has no tokenizer.json; choose a model directory that has one.")
        special = read_json_object(directory / "special_tokens_map.json")
        settings = {**special, **read_json_object(directory / "tokenizer_config.json")}
        return cls(_own_source(directory, settings) or ALPACA, tokenizer_file, _tokens(settings), name=directory.name)

    def with_source(self, source: str, name: str) -> Template:
        """Another Jinja text for the same tokenizer; `name` is what error sentences call it."""
        return Template(source, self._tokenizer_file, self.special_tokens, name=name)

    def check(self) -> None:
        """Raise InputError unless a question and its answer can be rendered, the answer found again."""
        rendering = self.encode(conversation("How fast?", "Up to 150 MHz."))
        if not any(rendering.target_mask):
            raise InputError(f"The chat template of {self.name} leaves out an answer that it is given.")

    @cached_property
    def fingerprint(self) -> str:
        """A hash of all that decides which tokens a conversation becomes."""
        found = hashlib.sha256(self._tokenizer_file.read_bytes())
        found.update(json.dumps([self.source, sorted(self.special_tokens.items())]).encode())
        return found.hexdigest()

    @property
    def own(self) -> bool:
        """Whether the model brought this template itself."""
        return self.source != ALPACA

    def render(self, messages: Sequence[Message], *, add_generation_prompt: bool = False) -> str:
        """The text of a conversation; with a generation prompt it ends where the model's answer begins.

        Raises InputError when the template refuses the conversation (some allow no system turn).
        """
        import jinja2

        try:
            return self._compiled.render(
                messages=[dict(message) for message in messages],
                tools=None,
                documents=None,
                add_generation_prompt=add_generation_prompt,
                **self.special_tokens,
            )
        except (jinja2.TemplateError, TypeError, ValueError) as error:
            raise InputError(f"The chat template of {self.name} refuses this conversation: {error}.") from error

    def encode(
        self,
        messages: Sequence[Message],
        *,
        add_generation_prompt: bool = False,
        without_loss: Collection[int] = (),
    ) -> Rendering:
        """Text, tokens and targets of a conversation.

        With a generation prompt nothing is a target; else the assistant's turns are, save those whose places in
        `messages` are in `without_loss`. Raises InputError as `render` does.
        """
        text = self.render(messages, add_generation_prompt=add_generation_prompt)
        token_ids, offsets = self.tokenise([text])[0]
        if add_generation_prompt:
            return Rendering(text, token_ids, (False,) * len(token_ids), offsets)
        try:
            spans = answer_spans(self.render, text, messages, without_loss)
        except LeftOut as error:
            raise InputError(f"The chat template of {self.name} leaves out an answer that it is given.") from error
        return Rendering(text, token_ids, target_mask(token_ids, offsets, spans, self.special_ids), offsets)

    def tokenise(self, texts: Sequence[str]) -> list[tuple[tuple[int, ...], tuple[tuple[int, int], ...]]]:
        """The ids of each text's tokens, and where each token begins and ends in it, in characters.

        Other threads go on meanwhile. The template writes the special tokens itself, so none is added.
        """
        encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [(tuple(each.ids), tuple(each.offsets)) for each in encoded]

    def document(self, text: str) -> list[int]:
        """The ids of a text that is no conversation: begun as the tokenizer begins a text, and ended."""
        ids = self._tokenizer.encode(text).ids
        end = self._tokenizer.token_to_id(self.special_tokens.get("eos_token", ""))
        return ids if end is None or ids[-1:] == [end] else [*ids, end]

    def decode(self, token_ids: Sequence[int]) -> str:
        """The text of tokens, special tokens left out."""
        return self._tokenizer.decode(list(token_ids), skip_special_tokens=True)

    def count(self, text: str) -> int:
        """How many tokens a text has by itself."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    @cached_property
    def end_of_turn_ids(self) -> frozenset[int]:
        """The tokens after which an answer is over: the one this template writes, and the model's own end token."""
        rendering = self.encode(conversation("?", "!"))
        last = [token for token, target in zip(rendering.token_ids, rendering.target_mask, strict=True) if target][-1:]
        ends = {token for token in last if token in self.special_ids}
        eos = self._tokenizer.token_to_id(self.special_tokens.get("eos_token", ""))
        return frozenset(ends if eos is None else {*ends, eos})

    @cached_property
    def ending(self) -> str:
        """What the template writes from the special token that ends an answer to the end of a conversation.

        Empty where it ends answers with none.
        """
        rendering = self.encode(conversation("?", "!"))
        last = max((place for place, target in enumerate(rendering.target_mask) if target), default=0)
        return rendering.text[rendering.offsets[last][0] :] if rendering.token_ids[last] in self.special_ids else ""

    @cached_property
    def _compiled(self) -> jinja2.Template:
        import jinja2

        try:
            return _environment().from_string(self.source)
        except jinja2.TemplateSyntaxError as error:
            raise InputError(
                f"The chat template of {self.name} is not valid Jinja: {error.message} (line {error.lineno})."
            ) from error

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(self._tokenizer_file))
        except Exception as error:
            raise InputError(f"{self._tokenizer_file} cannot be read as a tokenizer: {error}.") from error
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def special_ids(self) -> frozenset[int]:
        """The tokens that stand for no text: ends of turns, beginnings, padding."""
        return frozenset(index for index, token in self._tokenizer.get_added_tokens_decoder().items() if token.special)


def chosen_template(name: str, directory: Path, workspace: Path) -> Template:
    """The template of a job: the model's own (""), Alpaca's ("alpaca"), or that of a Jinja file of the workspace.

    Raises InputError when there is no such file or it cannot render a question and its answer.
    """
    template = Template.from_model(directory)
    if name:
        template = template.with_source(template_source(name, workspace), "Alpaca" if name == "alpaca" else name)
        template.check()
    return template


def template_source(name: str, workspace: Path) -> str:
    """The Jinja text that a job names. Raises InputError when there is none of that name."""
    if name == "alpaca":
        return ALPACA
    path = workspace / Path(name).expanduser()
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError):
        raise InputError(
            f"There is no template {name}; give alpaca, a Jinja file of the workspace, or nothing for the model's own."
        ) from None


def _environment() -> jinja2.Environment:
    """The environment that transformers renders chat templates in (its module `chat_template_utils`)."""
    import jinja2
    import jinja2.ext
    import jinja2.nodes
    import jinja2.sandbox

    class GenerationTag(jinja2.ext.Extension):
        """`{% generation %}` marks the assistant's words; here it only has to be understood."""

        tags = {"generation"}  # noqa: RUF012 - as Jinja declares it

        def parse(self, parser: Any) -> Any:
            line = next(parser.stream).lineno
            body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
            return jinja2.nodes.Scope(body, lineno=line)

    def raise_exception(message: str) -> None:
        raise jinja2.TemplateError(message)

    def tojson(
        value: Any,
        ensure_ascii: bool = False,
        indent: int | None = None,
        separators: tuple[str, str] | None = None,
        sort_keys: bool = False,
    ) -> str:
        # Jinja's own filter escapes for HTML.
        return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[GenerationTag, jinja2.ext.loopcontrols]
    )
    environment.filters["tojson"] = tojson
    environment.globals["raise_exception"] = raise_exception
    environment.globals["strftime_now"] = lambda form: datetime.now().strftime(form)
    return environment


def _own_source(directory: Path, settings: Mapping[str, Any]) -> str | None:
    """The model's template: a file of its own, or inside tokenizer_config.json (one text, or several with names)."""
    file = directory / TEMPLATE_FILE
    if file.is_file():
        return file.read_text(encoding="utf-8")
    inside = settings.get("chat_template")
    if isinstance(inside, list):
        named = {each.get("name"): each.get("template") for each in inside if isinstance(each, dict)}
        inside = named.get("default")
    return inside if isinstance(inside, str) else None


def _tokens(settings: Mapping[str, Any]) -> dict[str, str]:
    """The special tokens by name; older files write them as objects with a `content`."""
    extra = settings.get("extra_special_tokens")
    named = {**(extra if isinstance(extra, dict) else {}), **{name: settings.get(name) for name in _SPECIAL_TOKENS}}
    values = {name: value.get("content") if isinstance(value, dict) else value for name, value in named.items()}
    return {name: value for name, value in values.items() if isinstance(value, str)}
