"""Reading one's own certificate, and nobody else's."""

from __future__ import annotations

from io import BytesIO

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image

from tests.gateway.certificates.conftest import GIA_HUY, MINH_ANH, get, issue, send
from tests.gateway.conftest import on_sqlite

PARTS = ("", "/certificate", "/pages/1.png", "/reads")


@on_sqlite
async def test_the_file_is_a_pdf_to_keep(app: FastAPI, gateway: httpx.AsyncClient) -> None:
    """What the app saves is the signed file itself, under a name that says what it is."""
    application = await issue(app, gateway)
    answer = await get(gateway, f"applications/{application['application_id']}/certificate")
    assert answer.headers["Content-Type"] == "application/pdf"
    disposition = answer.headers["Content-Disposition"]
    assert disposition == 'attachment; filename="phieu-ly-lich-tu-phap-so-1-000001.pdf"'
    assert answer.content.startswith(b"%PDF-")
    assert len(answer.content) == application["certificate"]["size"]


@on_sqlite
async def test_the_pages_fit_a_phone(app: FastAPI, gateway: httpx.AsyncClient) -> None:
    """The client has no PDF view: pictures are how the resident reads the certificate."""
    application = await issue(app, gateway)
    path = f"applications/{application['application_id']}/pages"
    answer = await get(gateway, f"{path}/1.png")
    assert answer.headers["Content-Type"] == "image/png"
    assert Image.open(BytesIO(answer.content)).width == 1080
    for beyond in ("0", "2", "-1"):
        assert (await get(gateway, f"{path}/{beyond}.png")).status_code == 404


@on_sqlite
async def test_before_the_result_there_is_no_file(gateway: httpx.AsyncClient) -> None:
    """An unfinished application has nothing to download."""
    application_id = (await send(gateway)).json()["application_id"]
    for part in ("certificate", "pages/1.png"):
        assert (await get(gateway, f"applications/{application_id}/{part}")).status_code == 404


@pytest.mark.parametrize("part", PARTS)
async def test_another_residents_certificate_is_not_there(
    app: FastAPI, gateway: httpx.AsyncClient, part: str
) -> None:
    """A criminal record is the owner's: to anybody else it does not exist."""
    path = f"applications/{(await issue(app, gateway))['application_id']}{part}"
    assert (await get(gateway, path, MINH_ANH)).status_code == 200
    stranger = await get(gateway, path, GIA_HUY)
    missing = await get(gateway, f"applications/LL-0000-00000{part}", GIA_HUY)
    assert stranger.status_code == missing.status_code == 404
    assert stranger.json()["type"] == missing.json()["type"]


async def test_the_list_holds_ones_own_applications(
    app: FastAPI, gateway: httpx.AsyncClient
) -> None:
    """Two residents, two lists, nothing in common."""
    first = (await send(gateway, MINH_ANH)).json()["application_id"]
    second = (await send(gateway, GIA_HUY)).json()["application_id"]
    for subject, own in ((MINH_ANH, first), (GIA_HUY, second)):
        listed = (await get(gateway, "applications", subject)).json()
        assert [application["application_id"] for application in listed] == [own]


async def test_the_newest_application_comes_first(app: FastAPI, gateway: httpx.AsyncClient) -> None:
    """What is under way is what the resident looks for."""
    first = (await issue(app, gateway))["application_id"]
    second = (await send(gateway)).json()["application_id"]
    listed = (await get(gateway, "applications")).json()
    assert [application["application_id"] for application in listed] == [second, first]


async def test_every_opening_is_logged_for_the_resident(
    app: FastAPI, gateway: httpx.AsyncClient
) -> None:
    """Nothing hidden about data: who looked, when, at what."""
    application = await issue(app, gateway)
    path = f"applications/{application['application_id']}"
    await get(gateway, f"{path}/certificate")
    await get(gateway, f"{path}/pages/1.png")
    await get(gateway, f"{path}/certificate", GIA_HUY)
    code = application["certificate"]["code"]
    await gateway.post("/certificates/v1/verify", json={"code": code})
    found = (await get(gateway, f"{path}/reads")).json()
    told = [(read["kind"], read["actor"], read["verdict"]) for read in found]
    assert told == [
        ("check", "anyone", "valid"),
        ("page", "resident", None),
        ("certificate", "resident", None),
    ]


async def test_one_residents_log_holds_nothing_of_anothers(
    app: FastAPI, gateway: httpx.AsyncClient
) -> None:
    """That somebody's certificate was checked is theirs to know."""
    mine, theirs = await issue(app, gateway), await issue(app, gateway, GIA_HUY)
    await gateway.post("/certificates/v1/verify", json={"code": theirs["certificate"]["code"]})
    assert (await get(gateway, f"applications/{mine['application_id']}/reads")).json() == []
