"""Staff open a bundle by its code and for a purpose; the log keeps it and the resident is told."""

from __future__ import annotations

from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI

from gateway.database import Database
from gateway.media_store import MediaStore
from gateway.settings import Settings
from gateway.support.retention import forget_old
from tests.gateway.clocked_city import Call, CityClock
from tests.gateway.conftest import RESIDENT, STRANGER, HeadersFor, on_sqlite
from tests.gateway.support.conftest import AGENT, OTHER_AGENT, SUPERVISOR, Send, bundle

DESK = "/desk"


async def opened(call: Call, code: str, by: str = AGENT, purpose: str = "find_fault") -> Any:
    """One of the staff opens a bundle."""
    answer = await call("POST", f"{DESK}/openings", {"code": code, "purpose": purpose}, by=by)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def inbox(gateway: httpx.AsyncClient, headers_for: HeadersFor, of: str = RESIDENT) -> Any:
    """What stands in a resident's inbox."""
    found = (await gateway.get("/reports/inbox", headers=headers_for(of))).json()
    return [(one["kind"], one["support_code"]) for one in found]


async def test_an_opening_is_logged_and_told_to_its_resident(
    send: Send, call: Call, gateway: httpx.AsyncClient, headers_for: HeadersFor
) -> None:
    """Nobody of the staff looks without a trace: who, when and why stands where the resident reads it."""
    code = (await send(description="Không gửi được.")).json()["code"]
    seen = await opened(call, code.lower().replace("-", " "))
    assert [one["text"] for one in seen["messages"]] == ["Không gửi được."]
    [line] = (await call("GET", f"/cases/{code}")).json()["openings"]
    assert (line["act"], line["name"], line["purpose"]) == ("opened", "Bùi Thu Hà", "find_fault")
    assert await inbox(gateway, headers_for) == [("support_opened", code)]
    [entry] = (await call("GET", f"{DESK}/log", by=SUPERVISOR)).json()["entries"]
    assert (entry["act"], entry["code"], entry["name"]) == ("opened", code, "Bùi Thu Hà")


async def test_openings_of_two_residents_stay_apart(send: Send, call: Call) -> None:
    """Each reads who opened their own bundle, and nothing of another's."""
    mine = (await send()).json()["code"]
    theirs = (await send(by=STRANGER)).json()["code"]
    await opened(call, theirs)
    assert (await call("GET", f"/cases/{mine}")).json()["openings"] == []
    other = (await call("GET", f"/cases/{theirs}", by=STRANGER)).json()
    assert [one["act"] for one in other["openings"]] == ["opened"]


async def test_without_a_purpose_nothing_opens(send: Send, call: Call) -> None:
    """Looking because one can is no purpose."""
    code = (await send()).json()["code"]
    for purpose in ("", "curious", None):
        body = {"code": code, "purpose": purpose}
        assert (await call("POST", f"{DESK}/openings", body, by=AGENT)).status_code == 422
    assert (await call("GET", f"/cases/{code}")).json()["openings"] == []


async def test_the_list_says_neither_whose_it_is_nor_what_they_wrote(
    send: Send, call: Call
) -> None:
    """A list is no opening: it shows the code, the deadline and what the file says of itself."""
    code = (await send(description="Con tôi ốm, giúp tôi.")).json()["code"]
    answer = await call("GET", f"{DESK}/cases", by=AGENT)
    assert [one["code"] for one in answer.json()["cases"]] == [code]
    assert RESIDENT not in answer.text
    assert "ốm" not in answer.text


async def test_answer_and_handing_over_reach_the_resident(
    send: Send, call: Call, gateway: httpx.AsyncClient, headers_for: HeadersFor
) -> None:
    """The thread holds both sides; the inbox says that there is news, once for each act."""
    code = (await send()).json()["code"]
    opening = (await opened(call, code))["opening_id"]
    here = f"{DESK}/openings/{opening}"
    for _again in range(2):
        answered = await call(
            "POST", f"{here}/answers", {"text": "Mời thử lại."}, by=AGENT, key="a"
        )
        handed = await call("POST", f"{here}/engineers", {}, by=AGENT)
    assert (answered.json()["awaits"], handed.status_code) == ("resident", 200)
    seen = (await call("GET", f"/cases/{code}")).json()
    said = [(one["author"], one["name"], one["text"]) for one in seen["messages"]]
    assert said == [("support", "Bùi Thu Hà", "Mời thử lại.")]
    assert seen["handed_over"] == "2026-11-24T10:00:00+07:00"
    kinds = sorted(kind for kind, _code in await inbox(gateway, headers_for))
    assert kinds == ["support_answer", "support_engineers", "support_opened"]
    await call("POST", f"/cases/{code}/close", {})
    late = await call("POST", f"{here}/answers", {"text": "Còn đó không?"}, by=AGENT)
    assert late.json()["type"] == "/problems/support-closed"


async def test_the_file_comes_as_it_was_sent_and_taking_it_is_logged(
    send: Send, call: Call, clock: CityClock
) -> None:
    """A replay plays what the resident sent, and the log says that it was taken."""
    data = bundle(preferences=b'{"language": "vi"}')
    code = (await send(data)).json()["code"]
    opening = (await opened(call, code))["opening_id"]
    got = await call("GET", f"{DESK}/openings/{opening}/bundle", by=AGENT)
    assert (got.content, got.headers["content-type"]) == (data, "application/zip")
    acts = (await call("GET", f"/cases/{code}")).json()["openings"]
    assert [one["act"] for one in acts] == ["downloaded", "opened"]
    await call("DELETE", f"/cases/{code}/bundle")
    gone = await call("GET", f"{DESK}/openings/{opening}/bundle", by=AGENT)
    assert (gone.status_code, gone.json()["type"]) == (410, "/problems/bundle-gone")


async def test_an_opening_is_one_persons_and_ends(send: Send, call: Call, clock: CityClock) -> None:
    """A colleague opens it for themselves, with a purpose of their own; a shift later it is shut."""
    code = (await send()).json()["code"]
    opening = (await opened(call, code))["opening_id"]
    assert (await call("GET", f"{DESK}/openings/{opening}", by=AGENT)).status_code == 200
    assert (await call("GET", f"{DESK}/openings/{opening}", by=OTHER_AGENT)).status_code == 404
    clock.pass_by(hours=8)
    shut = await call("GET", f"{DESK}/openings/{opening}", by=AGENT)
    assert (shut.status_code, shut.json()["type"]) == (410, "/problems/opening-ended")


@on_sqlite
async def test_codes_cannot_be_tried_out(send: Send, call: Call, clock: CityClock) -> None:
    """Wrong codes are logged too, and after ten of them nothing opens for an hour."""
    code = (await send()).json()["code"]
    body = {"code": "HT-2222-22", "purpose": "find_fault"}
    for _n in range(10):
        missed = await call("POST", f"{DESK}/openings", body, by=AGENT)
        assert missed.json()["type"] == "/problems/no-such-support-code"
    right = {"code": code, "purpose": "find_fault"}
    held = await call("POST", f"{DESK}/openings", right, by=AGENT)
    assert held.json()["type"] == "/problems/too-many-support-codes"
    assert (await call("POST", f"{DESK}/openings", right, by=OTHER_AGENT)).status_code == 201
    log = (await call("GET", f"{DESK}/log", by=SUPERVISOR)).json()["entries"]
    assert [one["act"] for one in log] == ["opened", *["unknown_code"] * 10]
    clock.pass_by(hours=1, seconds=1)
    assert (await call("POST", f"{DESK}/openings", right, by=AGENT)).status_code == 201


async def test_the_log_is_the_supervisors_and_the_bundles_are_not(send: Send, call: Call) -> None:
    """Whoever watches the staff does not read what residents sent, and the staff do not watch themselves."""
    code = (await send()).json()["code"]
    body = {"code": code, "purpose": "quality"}
    assert (await call("POST", f"{DESK}/openings", body, by=SUPERVISOR)).status_code == 403
    assert (await call("GET", f"{DESK}/log", by=AGENT)).status_code == 403
    assert (await call("GET", f"{DESK}/log", by=SUPERVISOR)).json() == {"entries": [], "before": 0}


async def test_support_staff_stand_on_a_list(
    gateway: httpx.AsyncClient, headers_for: HeadersFor
) -> None:
    """A role in a token without a name on the list could not be told to the resident."""
    headers = headers_for("test-nobody", "support", roles=("support",))
    refused = await gateway.get(f"/support/v1{DESK}/cases", headers=headers)
    assert refused.json()["type"] == "/problems/not-support-staff"


async def test_seven_days_later_the_file_is_gone_and_the_thread_stays(
    app: FastAPI, send: Send, call: Call, clock: CityClock, settings: Settings, database: Database
) -> None:
    """Nobody opens it a second too late, whether or not it was swept away yet."""
    code = (await send(description="Vẫn đợi.")).json()["code"]
    store = cast(MediaStore, app.state.media_store)
    clock.pass_by(days=7)
    late = (await opened(call, code))["opening_id"]
    unswept = await call("GET", f"{DESK}/openings/{late}/bundle", by=AGENT)
    assert unswept.json()["type"] == "/problems/bundle-gone"
    assert [await forget_old(settings, database, store) for _again in range(2)] == [1, 0]
    left = (await call("GET", f"/cases/{code}")).json()
    assert (left["bundle"], left["manifest"], len(left["messages"])) == ("expired", {}, 1)
    assert list((settings.data_folder / "media").glob("*.zip")) == []


@on_sqlite
async def test_threads_go_after_ninety_days_and_the_log_after_two_years(
    app: FastAPI, send: Send, call: Call, clock: CityClock, settings: Settings, database: Database
) -> None:
    """What is over is forgotten; who looked is kept longer, for the resident and the supervisor."""
    store = cast(MediaStore, app.state.media_store)
    code = (await send(description="Cảm ơn.")).json()["code"]
    await opened(call, code)
    clock.pass_by(days=91)
    await forget_old(settings, database, store)
    assert (await call("GET", "/cases")).json() == {"cases": []}
    assert len((await call("GET", f"{DESK}/log", by=SUPERVISOR)).json()["entries"]) == 1
    clock.pass_by(days=640)
    await forget_old(settings, database, store)
    assert (await call("GET", f"{DESK}/log", by=SUPERVISOR)).json()["entries"] == []


@pytest.mark.parametrize("purpose", ["resident_asked", "find_fault", "check_fix", "quality"])
@on_sqlite
async def test_every_purpose_opens(send: Send, call: Call, purpose: str) -> None:
    """The four reasons staff may have."""
    code = (await send()).json()["code"]
    await opened(call, code, purpose=purpose)
    [line] = (await call("GET", f"/cases/{code}")).json()["openings"]
    assert line["purpose"] == purpose
