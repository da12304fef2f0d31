"""Each way in which a request of a batch can fail: one sentence in its row, the other rows answered, nothing lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.errors import BurnishError
from engine.chat.endpoint import Endpoint
from engine.chat.sampling import Sampling
from engine.evaluation.asked_rows import questions_of
from engine.evaluation.asking import Asking
from engine.evaluation.batch import RESULTS, create_batch
from engine.evaluation.results import Results, appending
from tests.engine.chat.scripted import HANG, HEAD, event, status
from tests.engine.evaluation.answering import Answering, answering
from tests.engine.evaluation.test_asking import SPEEDS, dataset, right

HALF = event("It runs at ")
CUT = HEAD + b"%x\r\n%s\r\n" % (len(HALF), HALF)
"""An answer that ends in the middle."""
BROKEN = b"data: {not json\n\n"


async def asked(workspace: Path, server: Answering, *, read_seconds: float = 60.0) -> Results:
    """Ask all rows of one arm; gives what its files say afterwards."""
    dataset(workspace)
    questions = questions_of(workspace, "pairs.jsonl")
    batch = create_batch(workspace, questions, (server.arm("tuned"),), Sampling())
    endpoint = Endpoint(f"http://127.0.0.1:{server.port}", "scripted", name="the tuned server")
    with appending(batch) as log:
        results = Results(batch, questions.questions)
        await Asking(results, log, {"tuned": endpoint}, {"tuned": None}, read_seconds=read_seconds).run()
    assert Results.read(batch).rows == results.rows
    return results


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (status(400, json.dumps({"error": {"message": "maximum context length is 8192"}})), "too long"),
        (status(401, "{}"), "API key"),
        (status(404, "{}"), "does not serve"),
        (status(429, "{}"), "busy"),
        (status(500, "<html>"), "status 500"),
        (HEAD + b"%x\r\n%s\r\n0\r\n\r\n" % (len(BROKEN), BROKEN), "no chat stream"),
        (CUT, "in the middle of its answer"),
        (CUT + b"0\r\n\r\n", "in the middle of its answer"),
        (HANG, "silent for"),
    ],
)
async def test_each_fault_is_one_sentence_in_its_row(tmp_path: Path, fault: object, words: str) -> None:
    async with answering(lambda question: fault if "ESP32" in question else right(question)) as server:
        # Only one that hangs is waited for; the others have to answer in that time, on a busy machine too.
        results = await asked(tmp_path, server, read_seconds=3.0 if fault is HANG else 60.0)
    assert (results.answered, results.failed) == (len(SPEEDS) - 1, 1)
    failed = results.rows[2].answers[0]
    assert failed is not None
    assert words in failed.error
    assert failed.error.endswith((".", "?", "…"))
    assert "\n" not in failed.error
    assert [row.number for row, _ in results.missing()] == [3]


async def test_a_busy_server_is_asked_again_before_a_request_has_failed(tmp_path: Path) -> None:
    busy = status(429, "{}")
    async with answering(right) as server:
        server.reply = lambda question: busy if server.asked.count(question) <= 2 else right(question)
        results = await asked(tmp_path, server)
        assert (results.answered, results.failed) == (len(SPEEDS), 0)
        assert len(server.asked) == 3 * len(SPEEDS)


async def test_a_full_disk_stops_the_batch_with_a_sentence(tmp_path: Path) -> None:
    dataset(tmp_path)
    questions = questions_of(tmp_path, "pairs.jsonl")
    async with answering(right) as server:
        batch = create_batch(tmp_path, questions, (server.arm("tuned"),), Sampling())
        (batch.folder / RESULTS).symlink_to("/dev/full")
        endpoint = Endpoint(f"http://127.0.0.1:{server.port}", "scripted")
        results = Results(batch, questions.questions)
        with appending(batch) as log, pytest.raises(BurnishError, match="No space left on device; what was answered"):
            await Asking(results, log, {"tuned": endpoint}, {"tuned": None}).run()
        assert results.answered == 0, "what is not on the disk is not counted"
