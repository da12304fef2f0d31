from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.errors import BurnishError
from engine.chat.prompt_check import check_prompts, prompt_difference, prompt_token_ids
from tests.engine.chat.scripted import serving, status

QUESTION = [{"role": "user", "content": "How fast is the RP2350?"}]


def told(*ids: int) -> bytes:
    return status(200, json.dumps({"count": len(ids), "tokens": ids}))


async def test_ids_are_those_of_a_prompt_that_awaits_its_answer() -> None:
    async with serving(told(1, 2, 3)) as server:
        assert await prompt_token_ids(server.endpoint(), QUESTION) == [1, 2, 3]
    assert server.requests == [
        {"model": "base", "messages": QUESTION, "add_generation_prompt": True, "add_special_tokens": False}
    ]


@pytest.mark.parametrize("answer", [status(404, "{}"), status(200, "no json"), status(200, '{"tokens": ["a"]}')])
async def test_a_server_that_does_not_tell_is_an_error(answer: bytes) -> None:
    async with serving(answer) as server:
        with pytest.raises(BurnishError):
            await prompt_token_ids(server.endpoint(), QUESTION)


async def test_servers_that_see_the_same_are_alike(tmp_path: Path) -> None:
    async with serving(told(1, 2, 3)) as base, serving(told(1, 2, 3)) as tuned:
        sides = [base.endpoint(), tuned.endpoint(name="the tuned server")]
        assert await check_prompts(tmp_path, sides, QUESTION) is None
    async with serving(told(1, 2, 3)) as base, serving(told(1, 2)) as tuned:
        sides = [base.endpoint(), tuned.endpoint(name="the tuned server")]
        sentence = await check_prompts(tmp_path, sides, QUESTION)
    assert sentence is not None
    assert "the base server sees 3 tokens and the tuned server 2" in sentence


async def test_servers_that_cannot_tell_are_passed_over(tmp_path: Path) -> None:
    async with serving(told(1)) as base, serving(status(404, "")) as tuned:
        sides = [base.endpoint(), tuned.endpoint(engine="transformers", name="the tuned server")]
        assert await check_prompts(tmp_path, sides, QUESTION) is None


@pytest.mark.parametrize(
    ("ids", "where"), [((1, 9, 3), "token 2"), ((1, 2), "token 3"), ((1, 2, 3, 4), "token 4"), ((), "token 1")]
)
def test_the_first_difference_is_named(ids: tuple[int, ...], where: str) -> None:
    sentence = prompt_difference({"base": [1, 2, 3], "tuned": ids})
    assert sentence is not None
    assert where in sentence
    assert f"tuned {len(ids)}" in sentence


def test_nothing_to_compare_is_no_difference() -> None:
    assert prompt_difference({}) is None
    assert prompt_difference({"base": [1]}) is None
