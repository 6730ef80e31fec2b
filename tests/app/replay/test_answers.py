"""Recorded answers: each given once, in its order, when it came, and failing as it failed."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import httpx
import pytest

from app.replay.answers import HOST, RecordedAnswers
from app.replay.loop import ReplayLoop
from tests.support.bundles import entry


def on_the_loop(story: Coroutine[Any, Any, Any]) -> Any:
    loop = ReplayLoop()
    try:
        return loop.run_until_complete(story)
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


async def asked(answers: RecordedAnswers, method: str, path: str, after: float = 0.0) -> Any:
    """The status and JSON of an answer."""
    await asyncio.sleep(after)
    async with httpx.AsyncClient(transport=answers) as http:
        answer = await http.request(method, f"{HOST}{path}")
    return answer.status_code, answer.json()


def test_the_same_question_is_answered_as_it_was_each_time() -> None:
    """A report that came through at the second try must fail at the first one again."""
    answers = RecordedAnswers(
        [
            entry(1, 0.0, "POST", "/reports", 503, {"title": "Busy"}),
            entry(1, 2.0, "POST", "/reports", 201, {"id": 7}),
        ]
    )

    async def story() -> None:
        assert (await asked(answers, "POST", "/reports"))[0] == 503
        assert (await asked(answers, "POST", "/reports"))[0] == 201
        with pytest.raises(httpx.ConnectError):
            await asked(answers, "POST", "/reports")

    on_the_loop(story())
    assert [(one.method, one.path) for one in answers.unrecorded] == [("POST", "/reports")]


def test_an_answer_takes_the_time_it_took() -> None:
    """What a resident did while they waited happens while the replay waits."""
    slow = entry(1, 0.0, "GET", "/cards", 200, []) | {"time": 2100.0}
    answers = RecordedAnswers([slow])

    async def story() -> float:
        await asked(answers, "GET", "/cards")
        return asyncio.get_running_loop().time()

    assert on_the_loop(story()) == pytest.approx(2.1)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ConnectError", httpx.ConnectError),
        ("ReadTimeout", httpx.ReadTimeout),
        ("RemoteProtocolError", httpx.RemoteProtocolError),
        ("SomethingElse", httpx.ReadError),
    ],
)
def test_a_cut_line_is_cut_the_same_way(name: str, kind: type[Exception]) -> None:
    """Whether a report may have arrived hangs on how the line was cut."""
    answers = RecordedAnswers([entry(1, 0.0, "GET", "/cards", 0, {}) | {"_error": name}])

    async def story() -> None:
        with pytest.raises(kind):
            await asked(answers, "GET", "/cards")

    on_the_loop(story())


def test_who_gives_up_leaves_the_answer_to_who_asks_next() -> None:
    """A replay asks sooner than a busy device did, and may have thought better of it before that one asked."""
    answers = RecordedAnswers(
        [
            entry(1, 1.0, "GET", "/parking/v1/sessions", 200, ["first"]),
            entry(1, 1.0, "POST", "/parking/v1/sessions", 201, {"id": 7}),
        ]
    )

    async def story() -> None:
        for method in ("GET", "POST"):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await asked(answers, method, "/parking/v1/sessions")
        assert await asked(answers, "GET", "/parking/v1/sessions") == (200, ["first"])
        assert await asked(answers, "POST", "/parking/v1/sessions") == (201, {"id": 7})

    on_the_loop(story())
    assert not answers.unrecorded


def test_a_read_from_before_the_recording_borrows_a_later_answer() -> None:
    """The recording begins while a screen is open: what it showed was read before."""
    answers = RecordedAnswers([entry(4, 60.0, "GET", "/cards", 200, ["blue"])])

    async def story() -> None:
        assert await asked(answers, "GET", "/cards") == (200, ["blue"])
        assert await asked(answers, "GET", "/cards", after=60) == (200, ["blue"])
        # Asked once more than recorded: as it was.
        assert await asked(answers, "GET", "/cards", after=5) == (200, ["blue"])

    on_the_loop(story())
    assert answers.unrecorded == []


def test_a_write_never_borrows() -> None:
    """A report answered before it was sent would be another story."""
    answers = RecordedAnswers([entry(4, 60.0, "POST", "/reports", 201, {"id": 7})])

    async def story() -> None:
        assert (await asked(answers, "POST", "/reports"))[0] == 201
        with pytest.raises(httpx.ConnectError):
            await asked(answers, "POST", "/reports")

    on_the_loop(story())


def test_an_address_with_another_stand_in_is_found_by_its_operation() -> None:
    """The replayed app makes its own identifiers; the recording names the operation."""
    kept = entry(2, 0.0, "GET", "/reports/abc/photos/1", 200, ["grey"])
    kept["_operation"] = "GET /reports/{service_request_id}/photos/{media_id}"
    answers = RecordedAnswers([kept])
    assert on_the_loop(asked(answers, "GET", "/reports/xyz/photos/2")) == (200, ["grey"])


def test_the_long_poll_never_ends_once_the_recording_has_no_more_of_it() -> None:
    """It would be asked thousands of times in a replay, whose clock jumps."""
    answers = RecordedAnswers([])

    async def story() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(900):
                await asked(answers, "GET", "/reports/changes")

    on_the_loop(story())
    assert answers.unrecorded == []
