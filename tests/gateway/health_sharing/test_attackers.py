"""What an attacker with one piece can do with it: with the link, the database, a guessed id, an account."""

from __future__ import annotations

import secrets

import httpx
import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from gateway.database import Database, metadata
from gateway.health_records.tables import accesses
from gateway.health_sharing.tables import openings
from tests.gateway.conftest import RESIDENT, STRANGER, HeadersFor, on_sqlite
from tests.gateway.health_sharing.conftest import ALLERGIES, SHARES, Share, encrypted, opened


async def test_a_link_of_one_resident_opens_nothing_else(
    gateway: httpx.AsyncClient, headers_for: HeadersFor, share: Share
) -> None:
    """Two residents share; each address gives its own file, each key opens its own."""
    hers, his = await share(RESIDENT), await share(STRANGER)
    found = {}
    for link in (hers, his):
        answer = await gateway.post(link.path, json={"recipient": "BS"})
        [found[link.share_id]] = [file["embedded"] for file in answer.json()["files"]]
    assert "Penicillin" in str(opened(found[hers.share_id], hers.key))
    assert "Lạc" in str(opened(found[his.share_id], his.key))
    for file, key in ((found[hers.share_id], his.key), (found[his.share_id], hers.key)):
        with pytest.raises(InvalidTag):
            opened(file, key)


async def test_shares_of_two_residents_are_each_others_nothing(
    gateway: httpx.AsyncClient, headers_for: HeadersFor, share: Share
) -> None:
    """Neither listed, nor read, nor stopped; and another's cannot be told from none."""
    link = await share(RESIDENT)
    other = headers_for(STRANGER, "health")
    assert (await gateway.get(SHARES, headers=other)).json() == []
    nobody = "00000000-0000-4000-8000-000000000000"
    for method, tail in (("GET", ""), ("POST", "/stop")):
        answers = [
            await gateway.request(method, f"{SHARES}/{one}{tail}", headers=other)
            for one in (link.share_id, nobody)
        ]
        bodies = [answer.json() | {"reference": ""} for answer in answers]
        assert answers[0].status_code == 404
        assert bodies[0] == bodies[1]
    assert (await gateway.get(link.path)).status_code == 204


async def test_the_content_for_a_link_is_the_callers_own_and_only_what_was_chosen(
    gateway: httpx.AsyncClient, headers_for: HeadersFor, records: dict[str, str]
) -> None:
    """What the device encrypts comes from here, so a leak here is a leak in every link."""
    for subject, own, other in ((RESIDENT, "Penicillin", "Lạc"), (STRANGER, "Lạc", "Penicillin")):
        headers = headers_for(subject, "health")
        wanted = {"section": ALLERGIES}
        answer = await gateway.get(f"{SHARES}/content", headers=headers, params=wanted)
        assert own in answer.text
        assert other not in answer.text
        without = {"section": "11369-6"}
        answer = await gateway.get(f"{SHARES}/content", headers=headers, params=without)
        assert own not in answer.text
    nobody = await gateway.get(
        f"{SHARES}/content", headers=headers_for("test-new", "health"), params=wanted
    )
    assert nobody.status_code == 404


async def test_the_database_alone_holds_no_address_no_key_and_nothing_to_read(
    gateway: httpx.AsyncClient, share: Share, database: Database
) -> None:
    """A stolen backup must not open a single link."""
    link = await share(passcode="482915")
    await gateway.post(link.path, json={"recipient": "BS", "passcode": "482915"})
    ours = [t for name, t in metadata.tables.items() if name.startswith("health_share")]
    ours += [accesses, metadata.tables["idempotency_keys"]]
    kept = ""
    for table in ours:
        with database.transaction(write=False) as connection:
            kept += repr([tuple(row) for row in connection.execute(select(table))])
    assert link.share_id in kept
    for secret in (link.token, "482915", "Penicillin", link.key.hex()):
        assert secret not in kept
    assert repr(link.key)[2:-1] not in kept


@on_sqlite
async def test_a_guessed_address_gives_the_same_nothing_whatever_it_is(
    gateway: httpx.AsyncClient, share: Share, database: Database
) -> None:
    """Guesses neither tell how close they came nor leave a trace in anybody's record."""
    link = await share()
    changed = link.token[:-1] + ("A" if link.token[-1] != "A" else "B")
    guesses = (changed, secrets.token_urlsafe(32), link.share_id, link.token.lower(), "%00", "x")
    answers = [await gateway.post(f"/shl/{g}", json={"recipient": "Ai đó"}) for g in guesses]
    answers += [await gateway.get(f"/shl/{g}") for g in guesses]
    answers += [await gateway.get(f"/shl/files/{g}") for g in guesses]
    bodies = [answer.json() | {"reference": ""} for answer in answers]
    assert {answer.status_code for answer in answers} == {404}
    assert all(body == bodies[0] for body in bodies)
    rows = database.run_here(lambda c: c.execute(select(openings)).all(), write=False)
    assert rows == []


@on_sqlite
async def test_a_link_gives_no_way_to_its_owner_or_to_the_record(
    gateway: httpx.AsyncClient, share: Share, records: dict[str, str]
) -> None:
    """Who holds a link, even with its passcode, holds one file and nothing more."""
    link = await share(passcode="482915")
    answer = await gateway.post(link.path, json={"recipient": "BS", "passcode": "482915"})
    said = answer.text.replace(link.file, "") + str(answer.headers)
    for inside in (RESIDENT, records[RESIDENT], link.share_id, "482915"):
        assert inside not in said
    for path in (SHARES, f"{SHARES}/{link.share_id}", f"/fhir/R4/Patient/{records[RESIDENT]}"):
        for credential in (link.token, link.share_id):
            headers = {"Authorization": f"Bearer {credential}"}
            assert (await gateway.get(path, headers=headers)).status_code == 401


@on_sqlite
async def test_an_account_without_the_health_scope_shares_nothing(
    gateway: httpx.AsyncClient, headers_for: HeadersFor, records: dict[str, str]
) -> None:
    """A token for reports is no token for a record."""
    headers = headers_for(RESIDENT, "reports")
    body = {
        "token": secrets.token_urlsafe(32),
        "file": encrypted({}, bytes(32)),
        "sections": [ALLERGIES],
        "minutes": 15,
    }
    assert (await gateway.post(SHARES, headers=headers, json=body)).status_code == 403
    assert (await gateway.get(SHARES, headers=headers)).status_code == 403
