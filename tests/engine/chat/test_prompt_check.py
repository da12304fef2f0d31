from __future__ import annotations

import json

import pytest

from data.errors import BurnishError
from engine.chat.prompt_check import prompt_difference, prompt_token_ids, same_prompt
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


async def test_both_servers_and_training_agree() -> None:
    async with serving(told(1, 2, 3)) as base, serving(told(1, 2, 3)) as tuned:
        assert await same_prompt(base.endpoint(), tuned.endpoint(), QUESTION) is None
        assert await same_prompt(base.endpoint(), tuned.endpoint(), QUESTION, trained=[1, 2, 3]) is None
        sentence = await same_prompt(base.endpoint(), tuned.endpoint(), QUESTION, trained=[1, 2])
    assert sentence is not None
    assert "training" in sentence


async def test_servers_that_cannot_tell_are_passed_over() -> None:
    async with serving(told(1)) as base, serving(status(404, "")) as tuned:
        assert await same_prompt(base.endpoint(), tuned.endpoint(engine="transformers"), QUESTION) is None


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
