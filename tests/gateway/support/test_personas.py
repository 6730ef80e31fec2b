"""Support staff open the sandbox's app as one of its residents: logged, short, and never of a real city."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from gateway.asgi import create_city
from gateway.settings import Settings
from gateway.support.persona_wire import Faults
from tests.gateway.clocked_city import Call, CityClock
from tests.gateway.conftest import PUBLIC_URL
from tests.gateway.support.conftest import AGENT, SUPERVISOR

DESK = "/api/support/v1/desk"
HA, CHAU, ANH = "bui-thu-ha", "vo-minh-chau", "nguyen-minh-anh"
WANTED: dict[str, Any] = {"resident": ANH, "purpose": "find_fault", "faults": {"unavailable": True}}


def mounted(city: Starlette, path: str) -> Any:
    """The application of the city under a path."""
    return next(one.app for one in city.routes if isinstance(one, Mount) and one.path == path)


class Sandbox:
    """A city with its own identity provider, and whoever signs in there."""

    def __init__(self, http: httpx.AsyncClient, provider: Any) -> None:
        self.http = http
        self._provider = provider

    def token_of(self, key: str) -> str:
        """An access token of a resident in person, or of the staff."""
        from gateway.identity.clients import SCOPES, given
        from gateway.identity.grants import Grant

        provider = self._provider
        who = next(one for one in provider.residents.values() if one.key == key)
        scope = " ".join(given(SCOPES, who.roles))
        grant = Grant(f"of-{key}", who.subject, "ihanoi-app", scope, who.acr, provider.now())
        return str(provider.minter.access_token(grant, who, scope, provider.now()))

    async def ask(self, by: str, method: str, path: str, body: Any = None) -> httpx.Response:
        """One request of somebody by their key, or with a token as it is."""
        token = by if "." in by else self.token_of(by)
        headers = {"Authorization": f"Bearer {token}"}
        return await self.http.request(method, path, json=body, headers=headers)

    async def begin(self, by: str = HA, **more: Any) -> Any:
        """A persona, begun."""
        answer = await self.ask(by, "POST", f"{DESK}/personas", {**WANTED, **more})
        assert answer.status_code == 201, answer.text
        return answer.json()


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """The sandbox on a database of its own."""
    city = create_city(Settings(tmp_path, public_url=PUBLIC_URL))
    provider = mounted(city, "/identity").state.provider
    transport = httpx.ASGITransport(city)
    async with (
        city.router.lifespan_context(city),
        httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as http,
    ):
        yield Sandbox(http, provider)


async def test_a_persona_is_logged_for_the_supervisor_and_for_its_resident(
    sandbox: Sandbox,
) -> None:
    """Who opened the app as whom, why and with which faults stands where both read it."""
    begun = await sandbox.begin()
    assert (begun["name"], begun["expires_in"]) == ("Nguyễn Minh Anh", 1800)
    [line] = (await sandbox.ask(CHAU, "GET", f"{DESK}/log")).json()["entries"]
    said = (line["act"], line["name"], line["resident"], line["purpose"], line["code"])
    assert said == ("persona", "Bùi Thu Hà", "Nguyễn Minh Anh", "find_fault", "")
    assert line["faults"] == {**Faults().model_dump(), "unavailable": True}
    [seen] = (await sandbox.ask(ANH, "GET", "/api/privacy/accesses?service=support")).json()[
        "accesses"
    ]
    assert (seen["act"], seen["actor"], seen["name"]) == ("opened_app", "support", "Bùi Thu Hà")


async def test_a_persona_is_that_resident_and_says_that_it_is_one(sandbox: Sandbox) -> None:
    """Its requests are the resident's own; in their list of devices it stands as what it is."""
    begun = await sandbox.begin()
    token = begun["access_token"]
    mine = await sandbox.ask(token, "GET", "/api/reports/mine")
    assert mine.json() == (await sandbox.ask(ANH, "GET", "/api/reports/mine")).json()
    devices = (await sandbox.ask(ANH, "GET", "/api/sessions")).json()
    assert sorted(one["kind"] for one in devices) == ["persona", "program"]


async def test_a_persona_ends_in_one_step(sandbox: Sandbox) -> None:
    """With its own token; from then on the token is worth nothing."""
    token = (await sandbox.begin())["access_token"]
    assert (await sandbox.ask(token, "DELETE", "/api/sessions/current")).status_code == 204
    after = await sandbox.ask(token, "GET", "/api/reports/mine")
    assert (after.status_code, after.json()["type"]) == (401, "/problems/session-ended")
    assert (await sandbox.ask(ANH, "GET", "/api/reports/mine")).status_code == 200


async def test_what_cannot_be_undone_is_for_the_resident_in_person(sandbox: Sandbox) -> None:
    """A persona erases no account and throws nobody out, however fresh it is."""
    token = (await sandbox.begin())["access_token"]
    for method, path, body in (
        ("POST", "/api/privacy/erasures", {"confirmed": True}),
        ("POST", "/api/sessions/end-others", None),
        ("DELETE", "/api/sessions/1", None),
    ):
        refused = await sandbox.ask(token, method, path, body)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/only-in-person")


async def test_nobody_becomes_one_of_the_staff(sandbox: Sandbox) -> None:
    """Their acts are logged by name; and a child who does not sign in has no app to open."""
    listed = (await sandbox.ask(HA, "GET", f"{DESK}/personas")).json()["residents"]
    keys = {one["resident"] for one in listed}
    assert {ANH, "hoang-duc-quan", "do-thanh-tung"} <= keys
    for key in (HA, CHAU, "le-bao-ngoc", "nobody"):
        assert key not in keys
        body = {**WANTED, "resident": key}
        assert (await sandbox.ask(HA, "POST", f"{DESK}/personas", body)).status_code == 422
    officer = (await sandbox.begin(resident="hoang-duc-quan"))["access_token"]
    assert (await sandbox.ask(officer, "GET", f"{DESK}/personas")).status_code == 403
    assert (await sandbox.ask(officer, "GET", f"{DESK}/log")).status_code == 403


async def test_only_agents_begin_one_and_say_why(sandbox: Sandbox) -> None:
    """Residents, officers and the supervisor who reads the log are refused; so is an idle look."""
    for who in (ANH, "hoang-duc-quan", CHAU):
        assert (await sandbox.ask(who, "POST", f"{DESK}/personas", WANTED)).status_code == 403
        assert (await sandbox.ask(who, "GET", f"{DESK}/personas")).status_code == 403
    for wrong in (
        {"purpose": "curious"},
        {"faults": {"slow_seconds": 61}},
        {"faults": {"clock_hours": -73}},
        {"faults": {"meteor": True}},
    ):
        answer = await sandbox.ask(HA, "POST", f"{DESK}/personas", {**WANTED, **wrong})
        assert answer.status_code == 422, wrong
    assert (await sandbox.ask(CHAU, "GET", f"{DESK}/log")).json()["entries"] == []


async def test_twenty_an_hour_are_enough(sandbox: Sandbox) -> None:
    """Reproducing a fault takes a few; a program that opens everybody is stopped."""
    for _n in range(20):
        await sandbox.begin()
    held = await sandbox.ask(HA, "POST", f"{DESK}/personas", WANTED)
    assert (held.status_code, held.json()["type"]) == (429, "/problems/too-many-personas")


async def test_in_a_real_city_there_is_nothing(
    call: Call, gateway: httpx.AsyncClient, settings: Settings
) -> None:
    """Not even for staff, and not even a refusal that would tell of it."""
    assert not settings.sandbox
    for method, body in (("GET", None), ("POST", WANTED)):
        for by in (AGENT, SUPERVISOR):
            answer = await call(method, "/desk/personas", body, by=by)
            assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
        bare = await gateway.request(method, "/support/v1/desk/personas", json=body)
        assert bare.status_code == 404


async def test_a_sandbox_with_anothers_provider_has_none(tmp_path: Path, clock: CityClock) -> None:
    """Only the sandbox's own provider gives such tokens."""
    settings = replace(Settings(tmp_path, public_url=PUBLIC_URL), issuer="https://id.example")
    city = create_city(settings)
    transport = httpx.ASGITransport(city)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as http:
        bare = await http.post(f"{DESK}/personas", json=WANTED)
    assert bare.status_code in (401, 404)
    assert mounted(city, "/api").state.mint_persona is None
