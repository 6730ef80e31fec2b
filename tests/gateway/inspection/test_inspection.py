"""Inspectors look cards up, the hotline blocks a lost one; both are logged and told to the holder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from gateway.cards.holder import pass_register
from gateway.database import Database
from gateway.inspection import acts
from gateway.settings import Settings
from tests.gateway.cards.card_city import (
    PASS,
    RESIDENT,
    STRANGER,
    Passes,
    clock,
    settings,
)
from tests.gateway.clocked_city import CityClock

__all__ = ["clock", "settings"]

HOTLINE, OFFICER = "test-hotline", "test-officer"
THEIRS = "010000009999"
Ask = Callable[..., Any]
HeadersFor = Callable[..., dict[str, str]]


@pytest.fixture
def ask(app: FastAPI, gateway: httpx.AsyncClient, headers_for: HeadersFor) -> Ask:
    """Sends a request of somebody with a role."""
    register = Passes()
    register.held[STRANGER] = replace(PASS, number=THEIRS)
    app.dependency_overrides[pass_register] = lambda: register

    async def send(
        method: str, path: str, body: Any = None, by: str = RESIDENT, roles: tuple[str, ...] = ()
    ) -> httpx.Response:
        headers = headers_for(by, "cards", roles=roles)
        return await gateway.request(method, path, json=body, headers=headers)

    return send


CARD = f"/inspection/v1/cards/{PASS.number}"


@pytest.mark.parametrize(("who", "role"), [(HOTLINE, "support"), (OFFICER, "officer")])
async def test_an_inspector_sees_validity_and_not_the_holder(
    ask: Ask, settings: Settings, who: str, role: str
) -> None:
    """The verdict, product, group and days are enough; the name stands on the resident's screen."""
    answer = await ask("GET", CARD, by=who, roles=(role,))
    found = answer.json()
    assert (found["state"], found["product"], found["group"]) == ("active", 1, 0)
    assert (found["valid_until"], found["number_end"]) == ("2026-10-31", "3917")
    assert "Minh Anh" not in answer.text


async def test_a_resident_may_not_inspect(ask: Ask) -> None:
    """Cards of others are nobody's business without the role; one's own number neither."""
    for method, path in (("GET", CARD), ("POST", f"{CARD}/block")):
        answer = await ask(method, path, {"reason": "lost"} if method == "POST" else None)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/missing-role")


@pytest.mark.parametrize("number", ["000000000000", "12", "01000000391x", "%2e%2e"])
async def test_an_unknown_number_is_not_found(ask: Ask, number: str) -> None:
    """A mistyped number says so and nothing else."""
    answer = await ask("GET", f"/inspection/v1/cards/{number}", by=HOTLINE, roles=("support",))
    assert answer.status_code == 404


async def test_the_hotline_blocks_a_lost_card_and_its_holder_takes_it_back(ask: Ask) -> None:
    """Logged with its reason; back in one step, from the holder's own device."""
    officer = await ask("POST", f"{CARD}/block", {"reason": "lost"}, OFFICER, ("officer",))
    assert officer.status_code == 403
    done = await ask("POST", f"{CARD}/block", {"reason": "lost"}, HOTLINE, ("support",))
    assert done.json()["state"] == "blocked"
    assert (await ask("GET", "/cards/v1/card")).json()["state"] == "blocked"
    told = (await ask("GET", "/cards/v1/staff-acts")).json()["acts"]
    assert [(act["act"], act["reason"]) for act in told] == [("blocked", "lost")]
    assert (await ask("POST", "/cards/v1/unblock")).json()["state"] == "active"
    wrong = await ask("POST", f"{CARD}/block", {"reason": "because"}, HOTLINE, ("support",))
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("days", "state"), [(-14, "not_yet_valid"), (0, "active"), (17, "active"), (18, "expired")]
)
async def test_validity_is_by_the_citys_day(
    ask: Ask, clock: CityClock, days: int, state: str
) -> None:
    """An inspector at midnight goes by Hanoi's calendar."""
    from datetime import timedelta

    clock.now += timedelta(days=days)
    found = (await ask("GET", CARD, by=OFFICER, roles=("officer",))).json()
    assert found["state"] == state


async def test_acts_on_two_residents_do_not_touch(ask: Ask, database: Database) -> None:
    """Each sees what was done to their own card alone."""
    await ask("GET", CARD, by=OFFICER, roles=("officer",))
    theirs = f"/inspection/v1/cards/{THEIRS}/block"
    await ask("POST", theirs, {"reason": "stolen"}, HOTLINE, ("support",))
    mine = (await ask("GET", "/cards/v1/staff-acts")).json()["acts"]
    other = (await ask("GET", "/cards/v1/staff-acts", by=STRANGER)).json()["acts"]
    assert [act["act"] for act in mine] == ["looked_up"]
    assert [act["act"] for act in other] == ["blocked"]
    assert (await ask("GET", "/cards/v1/card")).json()["state"] == "active"
    own = await database.run(lambda db: acts.acts_on(db, RESIDENT), write=False)
    assert [(row.subject, row.actor) for row in own] == [(RESIDENT, OFFICER)]
