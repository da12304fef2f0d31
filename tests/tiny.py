"""Tiny models that are real in every way but size: weights, tokenizer and chat template in one directory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + "
    "'\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
CHATML_TOKENS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")

_TEXT = [
    "How fast does the RP2350 run? The RP2350 runs at up to 150 MHz.",
    "What is the capital of France? The capital of France is Paris.",
    "Below is an instruction that describes a task. Write a response that appropriately completes the request.",
    "user assistant system You are a helpful assistant. Grüße, naïve café, 520 KB of SRAM, 3.3 V, 48 GPIO pins.",
]


def write_tokenizer(
    directory: Path, template: str, tokens: tuple[str, ...] = CHATML_TOKENS, *, end: str = "<|im_end|>", begin: str = ""
) -> None:
    """A byte-level BPE tokenizer of about 400 tokens, with a chat template."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

    directory.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=[AddedToken(token, special=True) for token in tokens],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_TEXT * 4, trainer)
    tokenizer.save(str(directory / "tokenizer.json"))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": end, "pad_token": end}
    (directory / "tokenizer_config.json").write_text(json.dumps(settings | ({"bos_token": begin} if begin else {})))
    (directory / "chat_template.jinja").write_text(template)


def write_tiny_model(directory: Path, *, hidden: int = 32, layers: int = 2) -> None:
    """A Llama of about 45,000 random parameters (bf16) with a ChatML tokenizer."""
    import torch
    from tokenizers import Tokenizer
    from transformers import LlamaConfig, LlamaForCausalLM

    write_tokenizer(directory, CHATML)
    vocabulary = Tokenizer.from_file(str(directory / "tokenizer.json"))
    end = vocabulary.token_to_id("<|im_end|>")
    config = LlamaConfig(
        vocab_size=vocabulary.get_vocab_size(),
        hidden_size=hidden,
        intermediate_size=2 * hidden,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=1024,
        tie_word_embeddings=True,
        eos_token_id=end,
        pad_token_id=end,
        bos_token_id=None,
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model: Any = LlamaForCausalLM(config)
    model.to(torch.bfloat16).save_pretrained(directory)


def write_rows(path: Path, rows: list[tuple[str, str]]) -> None:
    """A dataset of Alpaca rows."""
    lines = [json.dumps({"instruction": question, "input": "", "output": answer}) for question, answer in rows]
    path.write_text("".join(f"{line}\n" for line in lines))
