"""Form No. 2: it shows everything, so it is opened with a passcode that nobody can guess."""

from __future__ import annotations

from typing import Any

import httpx
import pypdfium2
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from gateway.certificates.tables import applications
from gateway.registers.criminal_records import CONVICTIONS
from tests.gateway.certificates.conftest import (
    MINH_ANH,
    WITH_ENTRIES,
    Clock,
    get,
    holder,
    issue,
    post,
    send,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FORM_2: dict[str, Any] = {"certificate_type": 2, "passcode": "482913"}


async def opened(
    gateway: httpx.AsyncClient, application_id: str, passcode: str, subject: str = MINH_ANH
) -> httpx.Response:
    return await post(
        gateway, f"applications/{application_id}/openings", subject, passcode=passcode
    )


async def read(
    gateway: httpx.AsyncClient, path: str, opening: str, subject: str = MINH_ANH
) -> httpx.Response:
    headers = {**holder(subject), "Certificate-Opening": opening}
    return await gateway.get(f"/certificates/v1/{path}", headers=headers)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"certificate_type": 2}, "missing"),
        ({"certificate_type": 1, "passcode": "482913"}, "not_wanted"),
        ({"certificate_type": 2, "passcode": "111111"}, "too_simple"),
        ({"certificate_type": 2, "passcode": "654321"}, "too_simple"),
        ({"certificate_type": 2, "passcode": "48291a"}, "pattern_mismatch"),
    ],
)
async def test_the_passcode_must_be_one_that_is_hard_to_guess(
    gateway: httpx.AsyncClient, changes: dict[str, Any], code: str
) -> None:
    """A birthday or 123456 would be the first thing a curious person tries."""
    answer = await send(gateway, **changes)
    assert answer.status_code == 422
    assert (answer.json()["errors"][0]["field"], answer.json()["errors"][0]["code"]) == (
        "passcode",
        code,
    )


async def test_form_no_2_shows_what_is_spent_behind_its_passcode(
    app: FastAPI, gateway: httpx.AsyncClient
) -> None:
    """What No. 1 must leave out stands on No. 2, which says that nobody may demand it."""
    application = await issue(app, gateway, WITH_ENTRIES, **FORM_2)
    path = f"applications/{application['application_id']}"
    assert application["certificate"]["passcode"] is True
    for part in ("certificate", "pages/1.png", "credential"):
        answer = await get(gateway, f"{path}/{part}", WITH_ENTRIES)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/passcode-required")
    opening = (await opened(gateway, application["application_id"], "482913", WITH_ENTRIES)).json()[
        "opening"
    ]
    document = await read(gateway, f"{path}/certificate", opening, WITH_ENTRIES)
    with pypdfium2.PdfDocument(document.content) as found:
        text = "".join(page.get_textpage().get_text_range() for page in found)
    for conviction in CONVICTIONS:
        assert conviction.main_penalty in text
    assert "Không ai được yêu cầu" in text
    assert "Phiếu lý lịch tư pháp số 2" in text


async def test_wrong_passcodes_lock_the_certificate_for_longer_and_longer(
    app: FastAPI, gateway: httpx.AsyncClient, clock: Clock
) -> None:
    """A million combinations must not be tried in an evening; a right one during the lock neither."""
    application_id = (await issue(app, gateway, **FORM_2))["application_id"]
    left = []
    for _ in range(5):
        answer = await opened(gateway, application_id, "000001")
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/passcode-wrong")
        left.append(answer.json()["attempts_left"])
    assert left == [4, 3, 2, 1, 0]
    locked = await opened(gateway, application_id, "482913")
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900")
    clock.advance(901)
    assert (await opened(gateway, application_id, "000001")).status_code == 403
    assert (await opened(gateway, application_id, "482913")).headers["Retry-After"] == "1800"
    clock.advance(1801)
    assert (await opened(gateway, application_id, "482913")).status_code == 201
    for _ in range(4):
        await opened(gateway, application_id, "000001")
    assert (await opened(gateway, application_id, "482913")).status_code == 201


async def test_an_opening_ends_and_opens_nothing_else(
    app: FastAPI, gateway: httpx.AsyncClient, clock: Clock
) -> None:
    """A stolen token is worth ten minutes of one certificate, to its owner alone."""
    first = await issue(app, gateway, **FORM_2)
    second = await issue(app, gateway, WITH_ENTRIES, **FORM_2)
    opening = (await opened(gateway, first["application_id"], "482913")).json()["opening"]
    mine = f"applications/{first['application_id']}/certificate"
    theirs = f"applications/{second['application_id']}/certificate"
    assert (await read(gateway, mine, opening)).status_code == 200
    assert (await read(gateway, theirs, opening, WITH_ENTRIES)).status_code == 403
    assert (await read(gateway, mine, opening, WITH_ENTRIES)).status_code == 404
    assert (await opened(gateway, first["application_id"], "482913", WITH_ENTRIES)).json()[
        "type"
    ] == "/problems/not-found"
    clock.advance(601)
    assert (await read(gateway, mine, opening)).status_code == 403


async def test_the_passcode_is_kept_by_nobody(app: FastAPI, gateway: httpx.AsyncClient) -> None:
    """Whoever steals the database has neither the passcode nor a hash they can try it on."""
    await send(gateway, **FORM_2)
    await send(gateway, WITH_ENTRIES, **FORM_2)
    kept = select(applications.c.passcode)
    found = app.state.database.run_here(lambda db: db.scalars(kept).all())
    assert all("482913" not in one for one in found)
    assert len(set(found)) == 2
    first = await get(gateway, "applications")
    assert "482913" not in first.text
    assert "scrypt" not in first.text


async def test_form_no_1_needs_no_passcode(app: FastAPI, gateway: httpx.AsyncClient) -> None:
    """The common form opens directly, and says so."""
    application = await issue(app, gateway)
    answer = await opened(gateway, application["application_id"], "482913")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/no-passcode")
