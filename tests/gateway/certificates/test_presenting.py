"""Showing chosen claims by a link: what is seen, by whom, and how it ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from gateway.certificates import verify_app
from gateway.certificates.office import Office
from tests.gateway.certificates.conftest import (
    GIA_HUY,
    MINH_ANH,
    Clock,
    as_sandbox,
    decide,
    get,
    holder,
    issue,
    post,
)
from tests.gateway.conftest import PUBLIC_URL
from tests.support import sd_jwt_twin

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DEVICE = ec.generate_private_key(ec.SECP256R1())
CHOSEN = ["name", "result"]


@pytest_asyncio.fixture
async def visitor(
    app: FastAPI, office: Office, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without an account who was given a link."""
    settings = office.settings
    opened = replace(office, settings=settings)
    monkeypatch.setattr("gateway.certificates.pages.open_office", lambda _: opened)
    host = Starlette(routes=[Mount("/verify", verify_app(settings, app.state.database))])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(host), base_url=PUBLIC_URL
    ) as client:
        yield client


async def begin(gateway: httpx.AsyncClient, application: dict[str, Any]) -> dict[str, Any]:
    path = f"applications/{application['application_id']}/presentations"
    found: dict[str, Any] = (await post(gateway, path, expires_in=3600)).json()
    return found


async def sign(
    gateway: httpx.AsyncClient,
    application: dict[str, Any],
    draft: dict[str, Any],
    key: ec.EllipticCurvePrivateKey = DEVICE,
    subject: str = MINH_ANH,
) -> str:
    """What the device does: it fetches the twin bound to its key and signs the chosen part."""
    path = f"applications/{application['application_id']}/credential"
    answer = await post(gateway, path, subject, holder_key=sd_jwt_twin.public_jwk(DEVICE))
    twin = answer.json()["credential"]
    return sd_jwt_twin.presented(twin, CHOSEN, key, draft["nonce"], draft["aud"])


async def put(
    gateway: httpx.AsyncClient, draft: dict[str, Any], text: str, subject: str = MINH_ANH
) -> httpx.Response:
    path = f"/certificates/v1/presentations/{draft['presentation_id']}"
    return await gateway.put(path, json={"presentation": text}, headers=holder(subject))


async def look(gateway: httpx.AsyncClient, link: str, name: str = "Công ty Thử") -> dict[str, Any]:
    body = {"secret": link.rpartition("/")[2], "name": name}
    found: dict[str, Any] = (
        await gateway.post("/certificates/v1/presentations/check", json=body)
    ).json()
    return found


async def test_the_checker_sees_what_was_chosen_and_the_owner_sees_who_looked(
    app: FastAPI, gateway: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    """Two claims of eleven, one name typed, and the owner knows the minute."""
    application = await issue(app, gateway)
    draft = await begin(gateway, application)
    text = await sign(gateway, application, draft)
    active = (await put(gateway, draft, text)).json()
    assert sorted(active["claims"]) == CHOSEN
    found = await look(gateway, active["link"])
    assert (found["verdict"], found["claims"]) == (
        "valid",
        {"name": "Nguyễn Minh Anh", "result": "clear"},
    )
    keys = (await gateway.get("/certificates/v1/issuer-keys")).json()
    own_check = sd_jwt_twin.verified(found["presentation"], keys, draft["aud"], draft["nonce"])
    assert own_check["result"] == "clear"
    page = active["link"].removeprefix(PUBLIC_URL)
    asked = await visitor.get(page)
    assert "Nguyễn" not in asked.text
    assert "<script" not in asked.text
    shown = await visitor.post(page, files={"name": (None, "<b>Trường A</b>")})
    assert "Nguyễn Minh Anh" in shown.text
    assert "Không có án tích" in shown.text
    assert "001188990001" not in shown.text
    assert (await visitor.post(page, files={"name": (None, " ")})).status_code == 400
    path = f"applications/{application['application_id']}"
    [mine] = (await get(gateway, f"{path}/presentations")).json()
    assert [check["name"] for check in mine["checks"]] == ["<b>Trường A</b>", "Công ty Thử"]
    reads = (await get(gateway, f"{path}/reads")).json()
    assert [read["name"] for read in reads if read["kind"] == "presentation"] == [
        "<b>Trường A</b>",
        "Công ty Thử",
    ]


async def test_a_link_ends_when_it_is_stopped_or_its_time_is_over(
    app: FastAPI, gateway: httpx.AsyncClient, visitor: httpx.AsyncClient, clock: Clock
) -> None:
    """Stopped means stopped at once, for the page as for the program."""
    application = await issue(app, gateway)
    links = []
    for _ in range(2):
        draft = await begin(gateway, application)
        text = await sign(gateway, application, draft)
        links.append((draft, (await put(gateway, draft, text)).json()["link"]))
    (first, link), (second, other) = links
    path = f"/certificates/v1/presentations/{first['presentation_id']}"
    for subject, status in ((GIA_HUY, 404), (MINH_ANH, 204), (MINH_ANH, 204)):
        assert (await gateway.delete(path, headers=holder(subject))).status_code == status
    assert (await look(gateway, link))["verdict"] == "unknown"
    assert (await look(gateway, other))["verdict"] == "valid"
    page = await visitor.get(link.removeprefix(PUBLIC_URL))
    assert (page.status_code, "Nguyễn" in page.text) == (404, False)
    clock.advance(3601)
    assert (await look(gateway, other))["reason"] == "unknown_link"
    listed = await get(gateway, f"applications/{application['application_id']}/presentations")
    assert {one["presentation_id"]: one["status"] for one in listed.json()} == {
        first["presentation_id"]: "stopped",
        second["presentation_id"]: "expired",
    }


async def test_a_revoked_certificate_shows_nothing_but_that(
    app: FastAPI, gateway: httpx.AsyncClient
) -> None:
    """A link sent last week must not outlive the certificate."""
    as_sandbox(app)
    application = await issue(app, gateway)
    draft = await begin(gateway, application)
    link = (await put(gateway, draft, await sign(gateway, application, draft))).json()["link"]
    number = application["certificate"]["number"]
    await decide(gateway, f"certificates/{number}/revoke", reason="issued_in_error")
    found = await look(gateway, link)
    assert (found["verdict"], found["claims"], found["presentation"]) == ("revoked", {}, None)
    path = f"applications/{application['application_id']}/presentations"
    assert (await post(gateway, path, expires_in=3600)).json()["type"] == (
        "/problems/presentation-ended"
    )


async def test_only_the_devices_key_presents_and_only_its_own_certificate(
    app: FastAPI, gateway: httpx.AsyncClient
) -> None:
    """A stolen twin without the key is worth nothing; nor can one show a cleaner friend's."""
    mine = await issue(app, gateway)
    theirs = await issue(app, gateway, GIA_HUY)
    draft = await begin(gateway, mine)
    stolen = await sign(gateway, mine, draft, ec.generate_private_key(ec.SECP256R1()))
    other = await sign(gateway, theirs, draft, subject=GIA_HUY)
    elsewhere = await sign(gateway, mine, {**draft, "aud": "https://other.test"})
    earlier = await sign(gateway, mine, {**draft, "nonce": "another"})
    for text, code in (
        (stolen, "bad_key_binding"),
        (other, "other_certificate"),
        (elsewhere, "bad_key_binding"),
        (earlier, "bad_key_binding"),
        ("~", "unreadable"),
    ):
        refused = await put(gateway, draft, text)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, code)
    good = await sign(gateway, mine, draft)
    assert (await put(gateway, draft, good, GIA_HUY)).status_code == 404
    assert (await put(gateway, draft, good)).status_code == 200
    assert (await put(gateway, draft, good)).json()["type"] == "/problems/presentation-ended"


async def test_another_residents_presentations_are_not_there(
    app: FastAPI, gateway: httpx.AsyncClient
) -> None:
    """Who was shown what is the owner's alone."""
    application = await issue(app, gateway)
    path = f"applications/{application['application_id']}/presentations"
    assert (await get(gateway, path, GIA_HUY)).status_code == 404
    assert (await post(gateway, path, GIA_HUY, expires_in=3600)).status_code == 404
    assert (await post(gateway, path, expires_in=1)).status_code == 422
