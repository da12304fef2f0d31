"""The lowest probability inside a span, from tokens whose bytes do not end where characters end."""

from __future__ import annotations

import math

import pytest

from data.facts.confidence import Confidence, Token, tokens_of


def tokens(*parts: tuple[bytes, float]) -> list[Token]:
    """Tokens with their probabilities."""
    return [Token(text, math.log(p)) for text, p in parts]


ANSWER = "It runs at 150 MHz."
TOKENS = tokens((b"It", 0.9), (b" runs", 0.8), (b" at", 0.7), (b" 15", 0.41), (b"0", 0.6), (b" MHz", 0.95), (b".", 0.2))


@pytest.mark.parametrize(
    ("start", "end", "least"),
    [(11, 18, 0.41), (13, 18, 0.6), (14, 18, 0.95), (18, 19, 0.2), (0, 2, 0.9), (0, 19, 0.2), (1, 3, 0.8)],
)
def test_the_least_likely_token_of_a_span(start: int, end: int, least: float) -> None:
    assert Confidence(ANSWER, TOKENS).least(start, end) == pytest.approx(least)


@pytest.mark.parametrize(("start", "end"), [(5, 5), (7, 3), (-1, 2), (0, 99), (40, 50)])
def test_what_is_no_span_has_no_probability(start: int, end: int) -> None:
    assert Confidence(ANSWER, TOKENS).least(start, end) is None


def test_a_span_that_is_still_being_written_has_none() -> None:
    half = Confidence(ANSWER, TOKENS[:4])
    assert half.least(0, 2) == pytest.approx(0.9)
    assert half.least(11, 18) is None
    assert Confidence(ANSWER, []).least(0, 2) is None


def test_a_token_may_be_half_a_character() -> None:
    answer = "10 µF 😀 ok"
    micro, smile = "µ".encode(), "😀".encode()
    said = Confidence(
        answer,
        tokens(
            (b"10", 0.9), (b" " + micro[:1], 0.5), (micro[1:] + b"F", 0.3), (b" ", 0.99), (smile[:2], 0.8),
            (smile[2:3], 0.1), (smile[3:], 0.7), (b" ok", 0.6),
        ),
    )  # fmt: skip
    assert said.least(0, 2) == pytest.approx(0.9)
    assert said.least(3, 4) == pytest.approx(0.3)
    assert said.least(2, 3) == pytest.approx(0.5)
    assert said.least(6, 7) == pytest.approx(0.1)
    assert said.least(8, 10) == pytest.approx(0.6)


def test_a_broken_character_counts_its_bytes() -> None:
    said = Confidence("a\ud800b", tokens((b"a", 0.9), ("\ud800".encode(errors="surrogatepass"), 0.2), (b"b", 0.5)))
    assert said.least(1, 2) == pytest.approx(0.2)
    assert said.least(2, 3) == pytest.approx(0.5)


def test_tokens_come_from_a_chunk() -> None:
    content: list[dict[str, object]] = [
        {"token": "It", "logprob": -0.5, "bytes": [73, 116]},
        {"token": "�", "logprob": -2, "bytes": [194]},
        {"token": " is", "logprob": None, "bytes": None},
        {"token": "x", "logprob": float("nan"), "bytes": [999]},
        {},
    ]
    said = [Token(b"It", -0.5), Token(b"\xc2", -2.0), Token(b" is", 0.0), Token(b"x", 0.0), Token(b"", 0.0)]
    assert tokens_of(content) == said
