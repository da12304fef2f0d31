"""Reads in a server's log what it is doing, and why it did not start."""

from __future__ import annotations

import re
from pathlib import Path

from engine.jobs.log_tail import plain

_READ = 256 << 10
_START = re.compile(r"^-- \d{4}-\d\d-\d\d \d\d:\d\d:\d\d starting ", re.MULTILINE)
_PREFIX = re.compile(r"^\([A-Za-z0-9_ -]+ pid=\d+\)\s*|^(?:INFO|WARNING|ERROR|DEBUG) \d\d-\d\d [\d:]+ \[[^\]]*\]\s*")
_ERROR = re.compile(r"^(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*(?:Error|Exception|Interrupt)\b: .+")

_CAUSES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (
            r"address already in use|port \d+ is already in use|port is already allocated",
            "its port is taken; start it again to get another one",
        ),
        (
            r"permission denied while trying to connect to the docker",
            "you may not use docker; an administrator adds you to its group (`sudo usermod -aG docker $USER`)",
        ),
        (
            r"Cannot connect to the Docker daemon|failed to connect to the docker API",
            "docker does not run on this machine; start it (`sudo systemctl start docker`)",
        ),
        (
            r"could not select device driver|unknown or invalid runtime name: nvidia|nvidia-container-cli",
            "docker cannot use the GPU; install NVIDIA's container toolkit",
        ),
        (
            r"pull access denied|manifest unknown|manifest for .* not found|failed to resolve reference"
            r"|repository does not exist",
            "its image cannot be fetched; check the network and the image's name",
        ),
        (
            r"LoRA rank \d+ is greater than max_lora_rank|exceeds max_lora_rank",
            "the adapter's rank is higher than the server has room for; stop the server and serve the run again",
        ),
        (
            r"does not support LoRA|LoRA is not supported|does not yet support DoRA|unsupported LoRA"
            r"|While loading .*, expected target modules",
            "vLLM cannot load this adapter beside this model; serve the merged model (--layout two)",
        ),
        (
            r"out of memory|can't allocate memory|cannot allocate memory|Free memory on device|Available memory on node"
            r"|No available memory for the cache|KV cache is needed, which is larger than the available"
            r"|less than requested memory|MemoryError|std::bad_alloc",
            "there is not enough memory; stop another server or run, or serve a smaller model",
        ),
        (
            r"architectures? .* (?:is|are) not supported|does not recognize this architecture"
            r"|has no vLLM implementation|not supported for now|Unrecognized model",
            "this kind of model is not supported by it",
        ),
        (
            r"Cannot find any model weights|no file named .*safetensors|Error while deserializing|HeaderTooLarge"
            r"|HeaderTooSmall|InvalidHeader|incomplete metadata|MetadataIncompleteBuffer",
            "the model's weights are missing or damaged",
        ),
        (
            r"Can't load tokenizer|Tokenizer class .* does not exist|Couldn't instantiate the backend tokenizer"
            r"|Unable to load vocabulary|KeyError: 'added_tokens'|data did not match any variant of untagged enum",
            "the model's tokenizer cannot be loaded",
        ),
        (
            r"max_model_len .* is greater than|larger than the derived",
            "the model takes fewer tokens than were asked for",
        ),
        (
            r"No module named|cannot import name|undefined symbol",
            "its environment is damaged; `burnish setup serve --force` builds it anew",
        ),
        (r"No space left on device", "the disk is full"),
    )
)

FETCHING = "fetching its image"
"""What a container does at its first start; it may take as long as the network wants."""
_STAGES = (
    ("Starting vLLM server on", "opening its port"),
    ("kv cache size", "setting memory aside"),
    ("Loading weights took", "setting memory aside"),
    ("Starting to load model", "loading the weights"),
    ("Initializing a V1 LLM engine", "starting the engine"),
    ("Resolved architecture", "starting the engine"),
    ("Status: Downloaded newer image", "loading its program"),
    ("Unable to find image", FETCHING),
)


def latest_log(log: Path) -> str:
    """What the server printed since its last start, at most the last 256 KiB, free of control characters."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _READ))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    starts = list(_START.finditer(text))
    return "\n".join(plain(line) for line in text[starts[-1].start() if starts else 0 :].split("\n"))


def stage(text: str) -> str:
    """What a starting server is doing, by its log."""
    lowered = text.lower()
    return next((words for sign, words in _STAGES if sign.lower() in lowered), "loading its program")


def reason(text: str) -> str | None:
    """Why a server failed, by its log: the cause in words and the line that says it; None when no line does."""
    # What follows a shutdown on request is the noise of ending.
    text = text.partition("shutdown triggered")[0]
    lines = [_bare(line) for line in text.splitlines()]
    errors = [line for line in lines if _ERROR.match(line)]
    for pattern, words in _CAUSES:
        # The last exception is often only "see above"; a cause that is known may stand in an earlier one.
        telling = next((line for line in reversed(errors) if pattern.search(line)), None)
        telling = telling or next((line for line in reversed(lines) if pattern.search(line)), None)
        if telling:
            return f"{words} (its log says: {_short(telling)})"
    return f"its log says: {_short(errors[0])}" if errors else None


def _bare(line: str) -> str:
    """A line without what vLLM puts before it (process, level, time, place)."""
    while match := _PREFIX.match(line):
        line = line[match.end() :]
    return line.strip()


def _short(line: str) -> str:
    return (line if len(line) <= 200 else line[:199] + "…").rstrip(".")
