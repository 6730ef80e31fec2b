"""GeoReport v2 as other cities' clients speak it: JSON and XML, keys, tokens, error documents."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import httpx
import pytest

from gateway.database import Database
from gateway.service_requests import api_keys
from gateway.service_requests.services import services
from services.georeport import service_requests_of
from services.georeport_xml import parse
from services.service_definitions import ServiceDefinition
from tests.gateway.pictures import picture
from tests.gateway.service_requests.reports import (
    PATH,
    REPORT,
    SENT,
    errors_of,
    media,
    on_sqlite,
    send,
)

V2 = "/open311/v2"
PLAIN = {"Accept": "*/*"}


async def key_of(database: Database, name: str = "hotline", **how: bool) -> str:
    """A key of another submitter."""
    return await database.run(lambda db: api_keys.make(db, name, SENT, **how))


async def test_the_same_report_is_read_in_json_and_in_xml(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """A client that knows only one of the two misses nothing."""
    await send(gateway, headers, description="Ổ gà <sâu> & rộng\x0bở đây")
    as_json = (await gateway.get(PATH)).json()
    as_xml = await gateway.get(f"{V2}/requests.xml")
    assert as_xml.headers["content-type"] == "text/xml; charset=utf-8"
    assert as_xml.content.startswith(b"<?xml version")
    assert service_requests_of(parse(as_xml.content)) == service_requests_of(as_json)


@on_sqlite
@pytest.mark.parametrize("ending", ["json", "xml"])
async def test_every_service_is_defined_and_its_questions_are_understood(
    gateway: httpx.AsyncClient, ending: str
) -> None:
    """All six types of the standard are asked somewhere, and our own client reads them."""
    types = set()
    for code, service in services().items():
        answer = await gateway.get(f"{V2}/services/{code}.{ending}")
        body = parse(answer.content) if ending == "xml" else answer.json()
        read = ServiceDefinition.from_json(body)
        assert [one.code for one in read.questions] == [one.code for one in service.questions]
        types |= {one.datatype for one in read.questions}
    assert types == {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}


@on_sqlite
async def test_discovery_names_the_endpoint_and_its_formats(gateway: httpx.AsyncClient) -> None:
    """A client that knows only the city's address finds the rest."""
    found = (await gateway.get(f"{V2}/discovery.json")).json()
    [endpoint] = found["endpoints"]
    assert endpoint["url"].endswith("/api/open311/v2")
    assert endpoint["formats"] == ["application/json", "text/xml"]
    read = ET.fromstring((await gateway.get(f"{V2}/discovery.xml")).content)
    assert [one.text for one in read.iter("format")] == endpoint["formats"]


@pytest.mark.parametrize("ending", ["json", "xml"])
async def test_another_submitter_reports_with_a_key(
    gateway: httpx.AsyncClient, database: Database, ending: str
) -> None:
    """The hotline types in what a caller says, with no resident's token."""
    form = {**REPORT, "api_key": await key_of(database), "jurisdiction_id": "hanoi"}
    sent = await gateway.post(f"{V2}/requests.{ending}", data=form, headers=PLAIN)
    assert sent.status_code == 201
    body = parse(sent.content) if ending == "xml" else sent.json()
    assert body[0]["service_request_id"] == "HN-2610-00001"
    [shown] = (await gateway.get(PATH)).json()
    assert "hotline" not in str(shown)


async def test_a_submitter_who_takes_tokens_learns_the_id_later(
    gateway: httpx.AsyncClient, database: Database
) -> None:
    """A bridge that delivers in batches keeps our token until it asks."""
    form = {**REPORT, "api_key": await key_of(database, answers_tokens=True)}
    sent = await gateway.post(PATH, data=form)
    [receipt] = sent.json()
    assert receipt["service_request_id"] is None
    place = f"{V2}/tokens/{receipt['token']}.json"
    assert sent.headers["location"].endswith(place)
    assert (await gateway.get(place)).json() == [
        {"service_request_id": "HN-2610-00001", "token": receipt["token"]}
    ]
    assert (await gateway.get(f"{V2}/tokens/nothing.json")).status_code == 404


@on_sqlite
async def test_with_photos_the_key_is_known_before_the_body_is_read(
    gateway: httpx.AsyncClient, database: Database
) -> None:
    """Forty megabytes from nobody are not parsed to look for a key in them."""
    key = await key_of(database)
    photo = media(picture())
    refused = await gateway.post(PATH, data={**REPORT, "api_key": key}, files=photo)
    taken = await gateway.post(PATH, params={"api_key": key}, data=REPORT, files=photo)
    assert (refused.status_code, taken.status_code) == (401, 201)


@on_sqlite
async def test_a_key_that_was_ended_opens_nothing(
    gateway: httpx.AsyncClient, database: Database
) -> None:
    """403 in the standard's own words; what is kept of a key cannot be used as one."""
    key = await key_of(database)
    kept = await database.run(lambda db: db.execute(api_keys.api_keys.select()).one())
    await database.run(lambda db: api_keys.revoke(db, "hotline", SENT))
    for tried in (key, kept.key_hash, "x"):
        answer = await gateway.post(PATH, data={**REPORT, "api_key": tried}, headers=PLAIN)
        assert answer.status_code == 403
        [error] = answer.json()
        assert error["code"] == 403


@on_sqlite
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("requests/HN-2610-99999", 404),
        ("services/dragons", 404),
        ("requests", 400),
        ("services", 404),
    ],
)
async def test_refusals_come_as_the_standard_has_them_unless_asked_otherwise(
    gateway: httpx.AsyncClient, path: str, status: int
) -> None:
    """A client written for GeoReport reads errors, ours reads problem documents (RFC 9457)."""
    query = {"requests": {"status": "maybe"}, "services": {"jurisdiction_id": "elsewhere"}}
    params = query.get(path, {})
    as_json = await gateway.get(f"{V2}/{path}.json", params=params, headers=PLAIN)
    assert as_json.status_code == status
    assert [error["code"] for error in as_json.json()] == [status]
    as_xml = await gateway.get(f"{V2}/{path}.xml", params=params, headers=PLAIN)
    assert as_xml.status_code == status
    assert ET.fromstring(as_xml.content).findtext("error/code") == str(status)
    problem = await gateway.get(f"{V2}/{path}.json", params=params)
    assert problem.headers["content-type"] == "application/problem+json"


@on_sqlite
@pytest.mark.parametrize(
    ("service", "answers", "wrong"),
    [
        ("flooding", {}, {("attribute[depth]", "missing")}),
        ("flooding", {"depth": "deep"}, {("attribute[depth]", "unknown")}),
        (
            "flooding",
            {"depth": "knee", "since": "hôm qua"},
            {("attribute[since]", "not_a_datetime")},
        ),
        ("street-light", {"lamps": "nhiều"}, {("attribute[lamps]", "not_a_number")}),
        ("street-light", {"lamps": "0" * 30_000}, {("attribute[lamps]", "not_a_number")}),
        ("street-light", {"pole_number": "x" * 201}, {("attribute[pole_number]", "too_long")}),
        ("tree", {"danger": ["road", "sea"]}, {("attribute[danger]", "unknown")}),
        ("pothole", {"colour": "red"}, {("attribute[colour]", "unknown")}),
    ],
)
async def test_an_answer_that_does_not_fit_is_named(
    gateway: httpx.AsyncClient,
    headers: dict[str, str],
    service: str,
    answers: dict[str, Any],
    wrong: set[tuple[str, str]],
) -> None:
    """The resident mends one field; the form says which."""
    fields = {f"attribute[{code}]": value for code, value in answers.items()}
    assert errors_of(await send(gateway, headers, service_code=service, **fields)) == wrong


async def test_answers_are_kept_and_read_back(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """Several keys may come as repeated fields or between commas."""
    several = {"attribute[danger][]": ["road", "wires"]}
    await send(gateway, headers, None, service_code="tree", **several)
    await send(gateway, headers, None, service_code="tree", **{"attribute[danger]": "road,wires"})
    found = (await gateway.get("/reports/mine", headers=headers)).json()
    kept = [one["extended_attributes"]["attributes"] for one in found]
    assert kept == [{"danger": "road\nwires"}] * 2
    public = (await gateway.get(PATH)).json()
    assert all(not one["extended_attributes"]["attributes"] for one in public)


@on_sqlite
async def test_a_list_covers_ninety_days_and_has_pages(
    gateway: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    """The standard's limits; ids override them."""
    from sqlalchemy import update

    from gateway.service_requests.tables import service_requests

    for _ in range(3):
        await send(gateway, headers)
    columns = service_requests.c
    old = (
        update(service_requests)
        .where(columns.service_request_id == "HN-2610-00001")
        .values(requested_datetime=SENT - timedelta(days=100))
    )
    await database.run(lambda db: db.execute(old))

    async def ids(**params: str) -> list[str]:
        answer = await gateway.get(PATH, params=params)
        return [item["service_request_id"][-1] for item in answer.json()]

    assert await ids() == ["3", "2"]
    assert await ids(page_size="1", page="2") == ["2"]
    assert await ids(service_request_id="HN-2610-00001") == ["1"]
    assert await ids(end_date=(SENT - timedelta(days=50)).isoformat()) == ["1"]
    wide = {
        "start_date": (SENT - timedelta(days=300)).isoformat(),
        "end_date": (SENT + timedelta(days=1)).isoformat(),
    }
    assert await ids(**wide) == ["3", "2"]


@on_sqlite
async def test_a_form_is_a_form_however_its_type_is_spelled(
    gateway: httpx.AsyncClient, database: Database
) -> None:
    """Media types have no case."""
    form = {**REPORT, "api_key": await key_of(database)}
    headers = PLAIN | {"Content-Type": "Application/X-WWW-Form-Urlencoded"}
    answer = await gateway.post(PATH, content=urlencode(form), headers=headers)
    assert answer.status_code == 201
