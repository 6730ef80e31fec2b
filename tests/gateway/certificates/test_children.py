"""Applying for a child: by a relation that the register has, and for nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from gateway.registers.criminal_records import SandboxCriminalRecords
from gateway.registers.population import SandboxPopulation, sandbox_residents
from tests.gateway.certificates.conftest import MINH_ANH, WITH_ENTRIES, get, issue, send

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FATHER, YOUNG_FATHER = WITH_ENTRIES, "sandbox-le-hoang-nam"


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    """Registers in which Phạm Khánh Vy is sixteen, whatever day the tests run."""
    born = datetime.now(UTC).date() - timedelta(days=6000)
    residents = tuple(
        replace(one, birthdate=born) if one.key == "pham-khanh-vy" else one
        for one in sandbox_residents()
    )
    app.state.certificate_office = replace(
        app.state.certificate_office,
        population=SandboxPopulation(residents),
        register=SandboxCriminalRecords(lambda: False, residents),
    )
    return app


async def child_of(gateway: httpx.AsyncClient, parent: str) -> dict[str, object]:
    found: dict[str, object] = (await get(gateway, "form", parent)).json()["children"][0]
    return found


async def test_a_father_applies_for_his_daughter(app: FastAPI, gateway: httpx.AsyncClient) -> None:
    """The certificate is hers: her name, her clean record, not his."""
    child = await child_of(gateway, FATHER)
    form = (await get(gateway, f"form?child={child['child_id']}", FATHER)).json()
    assert form["identity"]["name"] == "Phạm Khánh Vy"
    assert form["person"] == {"relation": "child", "child_id": child["child_id"]}
    assert form["blocked_by"] == []
    application = await issue(app, gateway, FATHER, child_id=child["child_id"])
    assert application["status"] == "ready"
    assert application["certificate"]["name"] == "Phạm Khánh Vy"
    assert application["person"]["relation"] == "child"
    assert (await get(gateway, f"applications/{application['application_id']}")).status_code == 404


async def test_his_own_application_does_not_block_hers(gateway: httpx.AsyncClient) -> None:
    """One at a time is counted for whom it is about."""
    child = (await child_of(gateway, FATHER))["child_id"]
    assert (await send(gateway, FATHER)).status_code == 201
    assert (await send(gateway, FATHER, child_id=child)).status_code == 201
    again = await send(gateway, FATHER, child_id=child)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/application-in-process")


async def test_nobody_applies_for_somebody_elses_child(gateway: httpx.AsyncClient) -> None:
    """The id of a child opens nothing to a stranger, and cannot be told from an invented one."""
    child = (await child_of(gateway, FATHER))["child_id"]
    for wanted in (child, "0" * 16):
        refused = await send(gateway, MINH_ANH, child_id=wanted)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["code"] == "unknown_child"
        assert (await get(gateway, f"form?child={wanted}")).status_code == 404


async def test_a_child_of_nine_is_too_young(gateway: httpx.AsyncClient) -> None:
    """The law's sixteen years hold for whom the certificate is about."""
    child = await child_of(gateway, YOUNG_FATHER)
    form = (await get(gateway, "form", YOUNG_FATHER)).json()
    young = next(one for one in form["children"] if one["name"] == "Lê Bảo Ngọc")
    assert young["too_young"] is True
    refused = await send(gateway, YOUNG_FATHER, child_id=young["child_id"])
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/too-young")
    assert child["child_id"] not in (MINH_ANH, "sandbox-le-bao-ngoc")
