"""Lines that vLLM 0.32 and others really print."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.serving.failures import latest_log, reason, stage

ENGINE = "(EngineCore pid=19) ERROR 11-23 02:01:40 [core.py:1381] "


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ERROR:    [Errno 98] error while attempting to bind on address: address already in use", "port is taken"),
        ("OSError: [Errno 98] Address already in use", "port is taken"),
        (ENGINE + "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB.", "not enough memory"),
        (
            "ValueError: Free memory on device cuda:0 (1.2/23.6 GiB) on startup is less than desired GPU memory "
            "utilization (0.3, 7.1 GiB).",
            "not enough memory",
        ),
        ("RuntimeError: [enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory", "enough memory"),
        (
            "  Value error, The checkpoint you are trying to load has model type `foo` but Transformers does not "
            "recognize this architecture.",
            "kind of model is not supported",
        ),
        ("ValueError: Model architectures ['FooForCausalLM'] are not supported for now.", "kind of model"),
        (ENGINE + "RuntimeError: Cannot find any model weights with `/m`", "weights are missing or damaged"),
        ("safetensors_rust.SafetensorError: Error while deserializing header: incomplete metadata", "damaged"),
        ("ValueError: Tokenizer class TokenizersBackend does not exist or is not currently imported.", "tokenizer"),
        (ENGINE + "KeyError: 'added_tokens'", "tokenizer cannot be loaded"),
        (
            ENGINE + "ValueError: Available memory on node 0 (19.98/23.54 GiB) on kv cache allocation is less than "
            "requested memory for kv (2880.0 GiB).",
            "not enough memory",
        ),
        ("ModuleNotFoundError: No module named 'requests'", "burnish setup serve --force"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        (
            ENGINE
            + "ValueError: To serve at least one request with the model's max seq len (2048), (4.0 GiB KV cache is "
            "needed, which is larger than the available KV cache memory (1.2 GiB).",
            "not enough memory",
        ),
        (ENGINE + "ValueError: LoRA rank 128 is greater than max_lora_rank 64.", "adapter's rank is higher"),
        (ENGINE + "ValueError: vLLM does not yet support DoRA.", "serve the merged model"),
        (ENGINE + "ValueError: FooForCausalLM does not support LoRA yet.", "serve the merged model"),
        (
            "docker: Error response from daemon: failed to set up container networking: driver failed programming "
            "external connectivity on endpoint burnish-base: Bind for 127.0.0.1:8401 failed: port is already allocated",
            "port is taken",
        ),
        (
            "docker: permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
            "usermod -aG docker",
        ),
        ("docker: Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", "systemctl start docker"),
        (
            'docker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].',
            "NVIDIA's container toolkit",
        ),
        ("docker: Error response from daemon: manifest unknown: manifest unknown", "image cannot be fetched"),
        ("json.decoder.JSONDecodeError: Expecting value: line 2", "its log says: json.decoder.JSONDecodeError"),
    ],
)
def test_the_line_that_says_why_is_found(line: str, words: str) -> None:
    log = f"starting\nINFO 11-23 02:01:40 [a.py:1] all well\n{line}\nRuntimeError: Engine core initialization failed.\n"
    why = reason(log)
    assert why is not None
    assert words in why
    bare = line.removeprefix(ENGINE).strip()
    assert bare[:60].rstrip(".") in why


def test_a_log_without_an_error_gives_no_reason() -> None:
    assert reason("") is None
    assert reason("INFO 11-23 02:01:40 [a.py:1] error handling is on\nwarming up\n") is None


def test_what_a_stop_on_request_prints_is_no_reason() -> None:
    log = "INFO [shutdown] API server: shutdown triggered\nvllm.v1.engine.exceptions.EngineDeadError: EngineCore died\n"
    assert reason(log) is None


def test_only_the_last_start_counts_and_escapes_are_removed(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_text(
        "-- 2026-11-23 02:00:00 starting the base server\nValueError: old\n"
        "-- 2026-11-23 02:01:00 starting the base server\n\x1b[31mValueError: new\x1b[0m\n"
    )
    assert reason(latest_log(log)) == "its log says: ValueError: new"
    assert latest_log(tmp_path / "none") == ""


def test_stages_of_a_start() -> None:
    log = "-- 2026-11-23 02:00:00 starting the base server\n"
    assert stage(log) == "loading its program"
    log += "(APIServer pid=1) INFO 11-23 02:00:10 [model.py:733] Resolved architecture: LlamaForCausalLM\n"
    assert stage(log) == "starting the engine"
    log += "(EngineCore pid=2) INFO 11-23 02:00:11 [cpu_model_runner.py:68] Starting to load model /m...\n"
    assert stage(log) == "loading the weights"
    log += "(APIServer pid=1) INFO 11-23 02:00:14 [entry.py:140] Starting vLLM server on http://127.0.0.1:8401\n"
    assert stage(log) == "opening its port"
    fetched = "Unable to find image 'nvcr.io/nvidia/vllm:26.10-py3' locally\n26.10-py3: Pulling from nvidia/vllm\n"
    assert stage(fetched) == "fetching its image"
    assert (
        stage(fetched + "Status: Downloaded newer image for nvcr.io/nvidia/vllm:26.10-py3\n") == "loading its program"
    )
