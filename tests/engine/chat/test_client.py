from __future__ import annotations

import asyncio
import json
import math
import socket
from typing import Any

import pytest

from data.errors import BurnishError
from data.facts.confidence import Confidence
from engine.chat import client
from engine.chat.client import ChatDelta, EmptyAnswerError, Endpoint, stream_chat
from engine.chat.sampling import Sampling
from tests.engine.chat.scripted import DONE, DROP, HANG, Scripted, event, serving, status

QUESTION = [{"role": "user", "content": "How fast is the RP2350?"}]


class Heard:
    """What a caller has of an answer, however it ended."""

    def __init__(self) -> None:
        self.deltas: list[ChatDelta] = []
        self.error: BurnishError | None = None

    @property
    def text(self) -> str:
        return "".join(delta.text for delta in self.deltas)


async def listen(endpoint: Endpoint, **settings: Any) -> Heard:
    heard = Heard()
    try:
        async for delta in stream_chat(endpoint, QUESTION, **settings):
            heard.deltas.append(delta)
    except BurnishError as error:
        heard.error = error
    return heard


async def play(*script: object, read_seconds: float = 60.0, sampling: Sampling | None = None, **settings: Any) -> Heard:
    async with serving(*script) as server:
        return await listen(server.endpoint(**settings), read_seconds=read_seconds, sampling=sampling)


async def test_an_answer_comes_in_pieces_with_the_servers_own_counts() -> None:
    heard = await play(
        event(), event("150", tokens=2), event(" MHz", tokens=3), event("", tokens=4, finish="stop"), DONE
    )
    assert heard.error is None
    assert heard.text == "150 MHz"
    assert [delta.completion_tokens for delta in heard.deltas] == [2, 3, 4]
    last = heard.deltas[-1]
    assert (last.finish_reason, last.prompt_tokens, last.counted) == ("stop", 45, True)
    assert [delta.finish_reason for delta in heard.deltas[:-1]] == [None, None]
    assert last.first_token_seconds is not None
    assert 0 < last.first_token_seconds < 60


async def test_a_speed_is_told_where_it_can_be_measured_only(monkeypatch: pytest.MonkeyPatch) -> None:
    script = (event("150", tokens=2), event(" MHz", tokens=40), event("", tokens=41, finish="stop"), DONE)
    # However long a busy machine takes over three tokens that arrive together.
    monkeypatch.setattr(client, "TIMED", 60.0)
    heard = await play(*script)
    assert [delta.tokens_per_second for delta in heard.deltas] == [None] * 3, "all of it had arrived before it was read"
    monkeypatch.setattr(client, "TIMED", 0.0)
    heard = await play(*script)
    assert heard.deltas[0].tokens_per_second is None
    assert heard.deltas[-1].tokens_per_second is not None


async def test_the_request_says_how_to_choose_tokens_and_nothing_else() -> None:
    async with serving(event("x", tokens=1, finish="length"), DONE) as server:
        await listen(server.endpoint(api_key="secret"), sampling=Sampling(max_tokens=7, temperature=0.5, seed=3))
    assert server.requests == [
        {
            "model": "base",
            "messages": QUESTION,
            "stream": True,
            "temperature": 0.5,
            "top_p": 1.0,
            "max_tokens": 7,
            "seed": 3,
            "stream_options": {"include_usage": True, "continuous_usage_stats": True},
        }
    ]
    assert "authorization: bearer secret" in server.headers[0].lower()


async def test_a_server_that_counts_nothing_has_its_chunks_counted() -> None:
    heard = await play(event("a"), event("b"), event("c"), event(finish="stop"), DONE, engine="other")
    assert heard.deltas[-1].completion_tokens == 3
    assert not heard.deltas[-1].counted
    assert heard.deltas[-1].prompt_tokens is None


async def test_usage_that_comes_after_the_text_is_taken() -> None:
    usage = b'data: {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 12}}\n\n'
    heard = await play(event("a"), event("b", finish="stop"), usage, DONE, engine="other")
    assert (heard.deltas[-1].completion_tokens, heard.deltas[-1].prompt_tokens) == (12, 9)


async def test_characters_may_be_split_over_packets_at_any_byte() -> None:
    whole = event("größer als 5 µs – 🙂", tokens=9) + event("", tokens=9, finish="stop") + DONE
    heard = await play(*(whole[index : index + 1] for index in range(len(whole))))
    assert heard.error is None
    assert heard.text == "größer als 5 µs – 🙂"


async def test_lines_may_end_as_windows_ends_them_and_comments_are_passed_over() -> None:
    data = (b": ping\n\n" + event("yes", tokens=1, finish="stop") + DONE).replace(b"\n", b"\r\n")
    assert (await play(data)).text == "yes"


async def test_an_answer_that_ends_without_the_word_done_is_whole() -> None:
    heard = await play(event("yes", tokens=1, finish="stop"))
    assert (heard.text, heard.error) == ("yes", None)


async def test_markup_and_escapes_come_through_unchanged() -> None:
    said = "[red]x[/red] \x1b[31m**b**\x00"
    assert (await play(event(said, tokens=1, finish="stop"), DONE)).text == said


async def test_a_hundred_kilobytes_come_through() -> None:
    heard = await play(*(event("0123456789" * 10, tokens=index) for index in range(1000)), event(finish="stop"), DONE)
    assert len(heard.text) == 100_000


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (status(400, '{"error": {"message": "This model\'s maximum context length is 2048 tokens."}}'), "too long"),
        (status(400, '{"error": {"message": "temperature must be \\u001b[31mpositive"}}'), "must be positive"),
        (status(401, '{"error": "Unauthorized"}'), "API key"),
        (status(404, '{"error": {"message": "The model `x` does not exist."}}'), "does not serve base"),
        (status(429, "slow down"), "busy"),
        (status(500, "<html>no</html>"), "status 500"),
        (status(503, ""), "status 503"),
        (status(418, '{"detail": [{"msg": "teapot"}]}'), "teapot"),
    ],
)
async def test_a_refusal_is_one_sentence(answer: bytes, words: str) -> None:
    heard = await play(answer)
    assert heard.error is not None
    assert words in heard.error.sentence
    assert "\x1b" not in heard.error.sentence
    assert heard.error.sentence.startswith(("The base server", "Prompt and answer"))
    assert heard.error.sentence.endswith((".", "?"))


async def test_an_error_within_the_stream_is_told_and_the_text_stays() -> None:
    late = b'data: {"error": {"message": "EngineCore died", "code": 500}}\n\n'
    heard = await play(event("150", tokens=1), late, DONE)
    assert heard.text == "150"
    assert heard.error is not None
    assert "EngineCore died" in heard.error.sentence


@pytest.mark.parametrize(
    "data", [b"data: {half\n\n", b"data: 7\n\n", b'data: {"choices": 3}\n\n', b"data: \xff\xfe\n\n"]
)
async def test_a_malformed_chunk_is_told_and_the_text_stays(data: bytes) -> None:
    heard = await play(event("150", tokens=1), data, event(" MHz", tokens=2))
    assert heard.text == "150"
    assert heard.error is not None
    assert "no chat stream" in heard.error.sentence


async def test_chunks_of_an_odd_shape_are_passed_over() -> None:
    odd = b'data: {"choices": [{"delta": null}]}\n\ndata: {"choices": [7], "usage": 1}\n\ndata: {}\n\n'
    assert (await play(odd, event("yes", tokens=1, finish="stop"), DONE)).text == "yes"


@pytest.mark.parametrize("end", [(DROP,), ()])
async def test_a_server_that_dies_in_mid_answer_leaves_its_text(end: tuple[object, ...]) -> None:
    heard = await play(event("The RP2350 runs at", tokens=4), *end)
    assert heard.text == "The RP2350 runs at"
    assert heard.error is not None
    assert "in the middle of its answer" in heard.error.sentence


async def test_a_server_that_drops_the_connection_at_once_is_told() -> None:
    heard = await play(DROP)
    assert heard.error is not None
    assert "without an answer" in heard.error.sentence


# What comes before the silence has to come in time, on a busy machine too.
@pytest.mark.parametrize(("before", "seconds"), [((), 0.2), ((event("150", tokens=1),), 3.0)])
async def test_a_server_that_hangs_is_given_up(before: tuple[bytes, ...], seconds: float) -> None:
    heard = await play(*before, HANG, read_seconds=seconds)
    assert heard.text == "150" * len(before)
    assert heard.error is not None
    assert "silent" in heard.error.sentence


async def test_no_server_is_told_by_its_address() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        heard = await listen(Scripted(port).endpoint())
    assert heard.error is not None
    assert f"http://127.0.0.1:{port}" in heard.error.sentence


async def test_an_empty_answer_is_an_error_of_its_own() -> None:
    heard = await play(event(tokens=1, finish="stop"), DONE)
    assert isinstance(heard.error, EmptyAnswerError)


async def test_several_samples_come_interleaved_each_with_its_own_counts() -> None:
    def piece(sample: int, text: str, tokens: int, finish: str | None = None) -> bytes:
        return event(text, tokens=tokens, finish=finish).replace(b'"index": 0', b'"index": %d' % sample)

    together = b'data: {"choices": [], "usage": {"prompt_tokens": 45, "completion_tokens": 7}}\n\n'
    script = (piece(0, "a", 1), piece(1, "x", 1), piece(1, "yz", 3, "length"), piece(0, "b", 2, "stop"), together, DONE)
    heard = await play(*script, sampling=Sampling(temperature=0.8, n=2))
    assert heard.error is None
    said = ["".join(delta.text for delta in heard.deltas if delta.sample == sample) for sample in (0, 1)]
    assert said == ["ab", "xyz"]
    ends = [(delta.sample, delta.finish_reason, delta.completion_tokens) for delta in heard.deltas[-2:]]
    assert ends == [(0, "stop", 2), (1, "length", 3)]


async def test_a_sample_that_never_ends_is_told() -> None:
    heard = await play(event("a", tokens=1, finish="stop"), DONE, sampling=Sampling(temperature=1, n=2))
    assert heard.error is not None
    assert "in the middle of its answer" in heard.error.sentence


async def test_probabilities_are_asked_for_and_belong_to_the_bytes_of_their_tokens() -> None:
    def piece(text: str, *tokens: tuple[list[int], float]) -> bytes:
        content = [{"token": "?", "bytes": size, "logprob": math.log(chance)} for size, chance in tokens]
        choice = {"index": 0, "delta": {"content": text}, "logprobs": {"content": content}, "finish_reason": None}
        return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"

    digit, half = (list(b"5 "), 0.25), ([0xC2], 0.5)
    script = piece("at ", (list(b"at "), 0.9)), piece("5 µ", digit, half, ([0xB5], 0.75))
    async with serving(*script, event("s or so", tokens=9, finish="stop"), DONE) as server:
        heard = await listen(server.endpoint(), sampling=Sampling(probabilities=True))
        await listen(server.endpoint(engine="other"), sampling=Sampling(probabilities=True))
    assert (server.requests[0]["logprobs"], server.requests[0]["top_logprobs"]) == (True, 0)
    assert "logprobs" not in server.requests[1]
    tokens = [token for delta in heard.deltas for token in delta.tokens]
    confidence = Confidence(heard.text, tokens)
    assert [confidence.least(*span) for span in ((0, 2), (3, 6), (5, 6))] == pytest.approx([0.9, 0.25, 0.5])
    assert confidence.least(8, 10) is None


async def test_closing_the_stream_frees_the_server() -> None:
    async with serving(event("150", tokens=1), HANG) as server:
        stream = stream_chat(server.endpoint(), QUESTION)
        assert (await anext(stream)).text == "150"
        await stream.aclose()
        await asyncio.wait_for(server.closed.wait(), 60)


async def test_no_proxy_comes_between_this_machine_and_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert (await play(event("yes", tokens=1, finish="stop"), DONE)).text == "yes"


def test_an_endpoint_does_not_show_its_key() -> None:
    assert "secret" not in repr(Endpoint("http://127.0.0.1:1", "base", api_key="secret"))


@pytest.mark.parametrize(
    ("url", "local"),
    [("http://127.0.0.1:1", True), ("http://localhost:1", True), ("http://[::1]:1", True), ("http://box:1", False)],
)
def test_local_endpoints(url: str, local: bool) -> None:
    assert Endpoint(url, "m").local is local
