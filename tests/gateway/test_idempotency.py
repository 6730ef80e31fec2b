"""Idempotency keys: a report sent twice by a bad network arrives once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import func, insert, select

from gateway.database import Database
from gateway.idempotency import KEPT, Attempt, body_hash, idempotency_keys, once, recall
from gateway.problems import Problem
from gateway.service_requests.tables import service_request_numbers, service_requests
from tests.gateway.conftest import RESIDENT, STRANGER, HeadersFor

pytestmark = pytest.mark.postgresql

NOW = datetime(2026, 10, 12, 2, 12, tzinfo=UTC)
REPORT = {
    "service_code": "pothole",
    "description": "Ổ gà sâu giữa đường, xe máy phải tránh gấp.",
    "address_id": "00070",
}


def attempt(subject: str = RESIDENT, key: str | None = "k1", body: str = "a") -> Attempt:
    """An attempt at a write."""
    return Attempt(subject, key, body_hash("test", body), NOW)


async def send(
    gateway: httpx.AsyncClient, headers: dict[str, str], key: str, **changes: str
) -> httpx.Response:
    """Send the report under that key."""
    return await gateway.post(
        "/open311/v2/requests.json",
        headers={**headers, "Idempotency-Key": key},
        data={**REPORT, **changes},
    )


async def test_the_same_report_with_the_same_key_is_stored_once(
    gateway: httpx.AsyncClient, database: Database, headers_for: HeadersFor
) -> None:
    """The phone never learned that its first attempt arrived, so it sends again."""
    first = await send(gateway, headers_for(), "3f1c")
    again = await send(gateway, headers_for(), '"3f1c"')
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    count = select(func.count()).select_from(service_requests)
    assert await database.run(lambda db: db.scalar(count), write=False) == 1


async def test_another_report_with_a_used_key_is_refused(
    gateway: httpx.AsyncClient, headers_for: HeadersFor
) -> None:
    """Answering with the first report's number would hide that the second never arrived."""
    await send(gateway, headers_for(), "3f1c")
    other = await send(gateway, headers_for(), "3f1c", description="Đèn đường tắt ba tối liền.")
    assert other.status_code == 422
    assert other.json()["type"] == "/problems/idempotency-key-reused"


async def test_two_residents_may_use_the_same_key(
    gateway: httpx.AsyncClient, headers_for: HeadersFor
) -> None:
    """Keys are the client's; one resident's must not answer with another's report."""
    mine = await send(gateway, headers_for(RESIDENT), "3f1c")
    theirs = await send(gateway, headers_for(STRANGER), "3f1c")
    assert theirs.status_code == 201
    assert mine.json() != theirs.json()


@pytest.mark.parametrize("key", ["", "a b", "x" * 201, "khoá".encode()])
async def test_an_unusable_key_is_refused(
    gateway: httpx.AsyncClient, headers_for: HeadersFor, key: str | bytes
) -> None:
    """A key that is cut or changed on the way would protect nothing."""
    raw = key if isinstance(key, bytes) else key.encode()
    headers = [(k.encode(), v.encode()) for k, v in headers_for().items()]
    answer = await gateway.post(
        "/open311/v2/requests.json", headers=[*headers, (b"Idempotency-Key", raw)], data=REPORT
    )
    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/idempotency-key-invalid"


def test_two_attempts_at_once_do_the_work_once(database: Database) -> None:
    """Two tabs, or a retry that overtakes the first attempt, meet in the same millisecond."""
    barrier, done = threading.Barrier(6), []

    def submit(number: int) -> tuple[object, bool]:
        barrier.wait()
        with database.transaction() as connection:

            def work() -> int:
                row = insert(service_request_numbers).values(month=f"{number:04}", last=1)
                connection.execute(row)
                done.append(number)
                return number

            return once(connection, attempt(), work)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(submit, range(6)))
    assert len(done) == 1
    assert {answer for answer, _ in answers} == set(done)
    assert sorted(is_repeated for _, is_repeated in answers) == [False] + [True] * 5
    rows = select(func.count()).select_from(service_request_numbers)
    assert database.run_here(lambda db: db.scalar(rows), write=False) == 1


def test_a_failed_attempt_does_not_use_up_the_key(database: Database) -> None:
    """Otherwise a resident whose first attempt failed could never send that report."""

    def fail() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError), database.transaction() as connection:
        once(connection, attempt(), fail)
    with database.transaction() as connection:
        assert once(connection, attempt(), lambda: "done") == ("done", False)


def test_without_a_key_every_attempt_is_its_own(database: Database) -> None:
    """Other cities' clients send none, and they still can report."""
    with database.transaction() as connection:
        assert once(connection, attempt(key=None), lambda: 1) == (1, False)
        assert once(connection, attempt(key=None), lambda: 2) == (2, False)


def test_an_answer_is_recalled_for_its_own_resident_only(database: Database) -> None:
    """The stored answer holds the number of a report."""
    with database.transaction() as connection:
        once(connection, attempt(), lambda: "mine")
        assert recall(connection, attempt()) == "mine"
        assert recall(connection, attempt(subject=STRANGER)) is None
        assert recall(connection, attempt(key="k2")) is None
        once(connection, attempt(subject=STRANGER), lambda: "theirs")
        assert recall(connection, attempt()) == "mine"
        once(connection, attempt(key="k2"), lambda: "second")
        assert recall(connection, attempt()) == "mine"
        with pytest.raises(Problem) as refused:
            recall(connection, attempt(body="b"))
        assert refused.value.status == 422


def test_old_keys_are_forgotten(database: Database) -> None:
    """The table would grow for ever, and it says who sent something when."""
    with database.transaction() as connection:
        once(connection, attempt(), lambda: "old")
        later = Attempt(RESIDENT, "k2", "x", NOW + KEPT + timedelta(seconds=1))
        once(connection, later, lambda: "new")
        assert list(connection.scalars(select(idempotency_keys.c.key))) == ["k2"]
