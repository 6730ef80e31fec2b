"""Checking without an account: by number and five fields, how often, and in ten years."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from asn1crypto import tsp
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from app.web.asking import asking_for
from gateway.certificates import pdf, verify_app
from gateway.certificates.authority import Authority
from gateway.certificates.fields import Fields
from gateway.certificates.inspection import Finding, inspect
from gateway.certificates.signing import FileSigner
from gateway.certificates.tables import certificates
from gateway.certificates.timestamps import http_stampers, sandbox_stampers
from gateway.certificates.verification import Verifier
from gateway.database import Database
from tests.gateway.certificates.conftest import CONTENT, get, issue
from tests.gateway.conftest import PUBLIC_URL, on_sqlite

NOW = datetime.now(UTC).replace(microsecond=0)


def five(application: dict[str, Any], **changes: str) -> dict[str, str]:
    """What stands on paper, as somebody types it."""
    return {
        "number": application["certificate"]["number"],
        "file_code": application["application_id"].lower(),
        "name": "nguyễn  minh anh",
        "birthdate": "08/03/1988",
        "gender": "Nữ",
        "identity_number": "001 188 990 001",
        **changes,
    }


@on_sqlite
async def test_a_printed_copy_is_checked_by_its_number_and_five_fields(
    app: FastAPI, gateway: httpx.AsyncClient
) -> None:
    """Whoever holds the paper can type it; whoever guesses learns nothing, not even what exists."""
    application = await issue(app, gateway)
    path = "/certificates/v1/verify"
    right = (await gateway.post(path, json=five(application))).json()
    assert (right["verdict"], right["checks"]["content"]) == ("valid", "not_checked")
    assert right["certificate"]["name"] == "N••••• M••• Anh"
    wrong = {
        "number": "MẪU-000999",
        "file_code": "LL-2611-99999",
        "name": "Nguyễn Minh",
        "birthdate": "09/03/1988",
        "gender": "nam",
        "identity_number": "001188990002",
    }
    answers = [
        (await gateway.post(path, json=five(application, **{name: value}))).json()
        for name, value in wrong.items()
    ]
    for answer in answers:
        assert (answer["verdict"], answer["reason"]) == ("unknown", "unknown_number")
        assert {**answer, "checked_datetime": ""} == {**answers[0], "checked_datetime": ""}
    reads = await get(gateway, f"applications/{application['application_id']}/reads")
    assert [read["kind"] for read in reads.json()].count("check") == 1
    incomplete = await gateway.post(path, json={"number": "1"})
    assert incomplete.status_code == 422


def test_an_empty_field_never_matches() -> None:
    """A certificate that is not there has no fields, and six empty ones must not fit them."""
    assert not Fields("", "", "", "", "", "").match("", {})


@on_sqlite
async def test_too_many_checks_have_to_wait(app: FastAPI, gateway: httpx.AsyncClient) -> None:
    """A short code of eight signs cannot be tried out; a neighbour is not held back."""
    app.state.certificate_throttle = None
    path, code = "/certificates/v1/verify", {"code": "AAAA-AAAA"}
    answers = [await gateway.post(path, json=code) for _ in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {200}
    assert (answers[30].status_code, answers[30].json()["type"]) == (
        429,
        "/problems/too-many-checks",
    )
    assert 0 < int(answers[30].headers["Retry-After"]) <= 60
    host = Starlette(routes=[Mount("/api", app)])
    neighbour = httpx.ASGITransport(host, client=("203.0.113.7", 1))
    async with httpx.AsyncClient(transport=neighbour, base_url=f"{PUBLIC_URL}/api") as other:
        assert (await other.post(path, json=code)).status_code == 200
    app.state.certificate_throttle = None


@on_sqlite
async def test_residents_on_the_web_are_counted_one_by_one(app: FastAPI) -> None:
    """The web host asks for all of them: one who guesses must not hold up the others, and whoever
    only claims to be the host gains nothing.
    """
    app.state.certificate_throttle = None
    path, code = "/api/certificates/v1/verify", {"code": "AAAA-AAAA"}
    host = Starlette(routes=[Mount("/api", app)])

    async def ask(caller: str, browser: str) -> int:
        transport = httpx.ASGITransport(host, client=(caller, 1))
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as http:
            relayed = asking_for(http, browser, f"{PUBLIC_URL}/api")
            return (await relayed.post(f"{PUBLIC_URL}{path}", json=code)).status_code

    one = [await ask("in-process", "198.51.100.7") for _ in range(31)]
    assert (set(one[:30]), one[30]) == ({200}, 429)
    assert await ask("in-process", "2001:db8::7") == 200
    liar = [await ask("203.0.113.9", f"198.51.100.{number}") for number in range(31)]
    assert (set(liar[:30]), liar[30]) == ({200}, 429)
    app.state.certificate_throttle = None


@on_sqlite
async def test_the_page_takes_the_six_fields_in_its_body_and_names_the_trick(
    app: FastAPI,
    gateway: httpx.AsyncClient,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An identity number must stand in no address; a changed file is told how it was changed."""
    monkeypatch.setattr("gateway.certificates.pages.open_keys", lambda _: authority)
    application = await issue(app, gateway)
    host = Starlette(routes=[Mount("/verify", verify_app(app.state.settings, app.state.database))])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(host), base_url=PUBLIC_URL
    ) as visitor:
        form = (await visitor.get("/verify/")).text
        assert 'name="identity_number"' in form
        assert form.count('method="get"') == 1
        sent = {name: (None, value) for name, value in five(application).items()}
        page = (await visitor.post("/verify/", files=sent)).text
        assert "Phiếu hợp lệ" in page
        wrong = {**sent, "birthdate": (None, "01/01/2000")}
        assert "Không tìm thấy số phiếu" in (await visitor.post("/verify/", files=wrong)).text
        path = f"applications/{application['application_id']}/certificate"
        document = (await get(gateway, path)).content + b"\n"
        longer = {"file": ("phieu.pdf", document, "application/pdf")}
        assert "ghi thêm sau khi ký" in (await visitor.post("/verify/", files=longer)).text


@on_sqlite
async def test_in_eleven_years_the_archive_timestamp_decides(
    app: FastAPI,
    gateway: httpx.AsyncClient,
    database: Database,
    authority: Authority,
) -> None:
    """With it the same file is still valid; without it nobody calls it valid, nor forged."""
    application = await issue(app, gateway)
    path = f"applications/{application['application_id']}/certificate"
    document = (await get(gateway, path)).content
    long_term = (await get(gateway, f"{path}?archive=true")).content
    assert long_term.startswith(document)
    assert application["certificate"]["level"] in {"B-LT", "B-LTA"}
    later = NOW + timedelta(days=11 * 365)
    verifier = Verifier(database, authority.root.certificate, lambda: later)
    for file in (document, long_term):
        found = await verifier.check_file(file)
        assert (found.verdict, found.reason) == ("valid", "genuine")
    gone = certificates.update().values(archive=None, archive_sha256=None)
    database.run_here(lambda db: db.execute(gone))
    found = await verifier.check_file(document)
    assert (found.verdict, found.reason, found.detail) == ("unchecked", "expired", "expired_chain")
    assert found.signature == "not_checked"
    assert (await verifier.check_file(document + b"\n")).verdict == "altered"
    assert (await get(gateway, f"{path}?archive=true")).status_code == 404


async def test_a_timestamp_service_over_http_is_asked_as_the_standard_says(
    authority: Authority, other_authority: Authority, drawn: bytes
) -> None:
    """RFC 3161 over HTTP; its certificates end at a root of its own; when it is away, nothing is
    signed.
    """
    down = {"now": False}

    async def stamp(request: Request) -> Response:
        if down["now"]:
            return Response(status_code=503)
        assert request.headers["Content-Type"] == "application/timestamp-query"
        query = tsp.TimeStampReq.load(await request.body())
        stamper: Any = sandbox_stampers(other_authority, other_authority.timestamp)(NOW)
        answer = await stamper.async_request_tsa_response(query)
        return Response(answer.dump(), media_type="application/timestamp-reply")

    service = httpx.ASGITransport(Starlette(routes=[Route("/tsa", stamp, methods=["POST"])]))
    theirs = other_authority.root.certificate
    signer = FileSigner(authority, http_stampers("http://tsa.test/tsa", service), theirs)
    signed = await asyncio.to_thread(signer.sign, drawn, NOW)
    root = authority.root.certificate
    looked = await asyncio.to_thread(inspect, signed, root, NOW, theirs)
    assert (looked.finding, looked.signed_datetime) == (Finding.WHOLE, NOW)
    unknown = await asyncio.to_thread(inspect, signed, root, NOW)
    assert unknown.finding is Finding.OTHER_AUTHORITY
    down["now"] = True
    with pytest.raises(OSError, match="timestamp service"):
        await asyncio.to_thread(signer.sign, drawn, NOW)


def test_a_long_form_runs_onto_a_second_page() -> None:
    """One page where it fits; what does not fit is not cut off."""
    many = tuple(f"Phường Mẫu {n}, Hà Nội (19{n}–20{n})" for n in range(10, 50))
    assert pdf.page_count(pdf.draw(replace(CONTENT, former_addresses=many), PUBLIC_URL)) == 2
