"""The staff's side of support: bundles by code and for a purpose, answers, the supervisor's log."""

from __future__ import annotations

from dataclasses import asdict

from services.client import GatewayClient, segment
from services.personas import BegunPersona, Faults, SandboxResident
from services.reading import mappings, one_object
from services.support_cases import Case, Log

PATH = "/support/v1/desk"


class SupportDesk:
    """What support staff may do; for anyone else every call raises NotPermitted.

    Every opening is logged and told to the resident. An opening lasts some hours; then its calls raise
    NotFound(`opening_ended`), and NotFound(`bundle_gone`) asks for a file that is deleted.
    """

    def __init__(self, gateway: GatewayClient) -> None:
        self._gateway = gateway

    async def cases(self, state: str = "open") -> list[Case]:
        """Return what residents sent, the longest unanswered first, without what they wrote."""
        answer = one_object(await self._gateway.get(f"{PATH}/cases", state=state))
        return list(map(Case.from_json, mappings(answer.get("cases"))))

    async def open(self, code: str, purpose: str) -> Case:
        """Open a bundle for one of `PURPOSES`. Raises NotFound(`no_such_support_code`)."""
        body = {"code": code.strip(), "purpose": purpose}
        return Case.from_json(await self._gateway.post(f"{PATH}/openings", json=body))

    async def opened(self, opening_id: str) -> Case:
        """Return what is open under that id."""
        return Case.from_json(await self._gateway.get(_place(opening_id)))

    async def bundle(self, opening_id: str) -> bytes:
        """Return the file, for a replay; logged."""
        return await self._gateway.get_bytes(_place(opening_id, "bundle"), accept="application/zip")

    async def answer(self, opening_id: str, text: str, *, key: str) -> Case:
        """Write to the resident; the same `key` again writes once."""
        body = {"text": text.strip()}
        path = _place(opening_id, "answers")
        return Case.from_json(await self._gateway.post(path, json=body, idempotency_key=key))

    async def hand_over(self, opening_id: str) -> Case:
        """Hand the bundle to the engineers."""
        path = _place(opening_id, "engineers")
        return Case.from_json(await self._gateway.post(path, json={}, retry=True))

    async def residents(self) -> list[SandboxResident]:
        """Return as whom the sandbox's app can be opened. Raises NotFound in a real city."""
        answer = one_object(await self._gateway.get(f"{PATH}/personas"))
        return list(map(SandboxResident.from_json, mappings(answer.get("residents"))))

    async def begin_persona(self, resident: str, faults: Faults, purpose: str) -> BegunPersona:
        """Open the app as a resident of the sandbox, for one of `PURPOSES`: logged for them and the supervisor."""
        body = {"resident": resident, "faults": asdict(faults), "purpose": purpose}
        return BegunPersona.from_json(await self._gateway.post(f"{PATH}/personas", json=body))

    async def log(self, before: int | None = None) -> Log:
        """Return a page of who opened what and why, for a supervisor."""
        return Log.from_json(await self._gateway.get(f"{PATH}/log", before=before))


def _place(opening_id: str, act: str = "") -> str:
    return f"{PATH}/openings/{segment(opening_id)}" + (f"/{act}" if act else "")
