"""The officer's desk: a queue, and acts that are sent at once, each on a known revision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.chance import new_id
from services.client import GatewayClient, segment
from services.desk_records import DeskOverview, DeskReport, Filters, Presence, queue_of
from services.drafts import jpeg_files
from services.errors import GatewayUnavailable
from services.georeport import ServiceRequest, service_request_of, updates_of
from services.photos import Photo
from services.reading import mappings, one_object, words
from services.report_parts import Box, Update

PATH = "/desk"


class Desk:
    """What an officer may do; for anyone else every call raises NotPermitted.

    An act names the revision it was decided on: when somebody else was faster it raises
    Rejected(`changed_meanwhile`) and changes nothing. It returns the report as it is afterwards.
    """

    def __init__(self, gateway: GatewayClient) -> None:
        self._gateway = gateway

    async def overview(self) -> DeskOverview:
        """Return whose desk it is and what there is to choose from."""
        return DeskOverview.from_json(one_object(await self._gateway.get(PATH)))

    async def queue(self, filters: Filters | None = None, limit: int = 100) -> list[DeskReport]:
        """Return the agency's first `limit` reports (500 at most), the most pressing first."""
        query = (filters or Filters()).query() | {"limit": str(limit)}
        return queue_of(await self._gateway.get(f"{PATH}/queue", query=query))

    async def get(self, service_request_id: str) -> DeskReport:
        """Return one report with its reporter, log and who else has it open."""
        return DeskReport.from_json(await self._gateway.get(_place(service_request_id)))

    async def updates(self, service_request_id: str) -> list[Update]:
        """Return what happened to one report, oldest first."""
        return updates_of(await self._gateway.get(_place(service_request_id, "updates")))

    async def presence(self, service_request_id: str) -> list[Presence]:
        """Say that this officer has the report open; returns who else has."""
        answer = await self._gateway.put(_place(service_request_id, "presence"))
        others = mappings(one_object(answer).get("others"))
        return [Presence.from_json(item) for item in others]

    async def accept(self, service_request_id: str, revision: int) -> ServiceRequest:
        """Take it on."""
        return await self._act(service_request_id, "accept", revision)

    async def ask(self, service_request_id: str, revision: int, question: str) -> ServiceRequest:
        """Ask the resident; the deadline pauses until they answer."""
        return await self._act(service_request_id, "ask", revision, description=question)

    async def transfer(
        self, service_request_id: str, revision: int, agency_code: str, reason_code: str, note: str
    ) -> ServiceRequest:
        """Hand it over to another agency."""
        body = {"agency_code": agency_code, "reason_code": reason_code, "description": note}
        return await self._act(service_request_id, "transfer", revision, **body)

    async def merge(self, service_request_id: str, revision: int, into: str) -> ServiceRequest:
        """Close it as the same thing as another report; its followers come along."""
        return await self._act(service_request_id, "merge", revision, into=into)

    async def split(
        self,
        service_request_id: str,
        revision: int,
        descriptions: Sequence[str],
        service_codes: Sequence[str],
    ) -> ServiceRequest:
        """Make two of it; both parts stay visible to the resident."""
        body = {"descriptions": list(descriptions), "service_codes": list(service_codes)}
        return await self._act(service_request_id, "split", revision, **body)

    async def done(
        self, service_request_id: str, revision: int, text: str, media_ids: Sequence[str]
    ) -> ServiceRequest:
        """Close it with text and proof, uploaded before by `upload`."""
        body = {"description": text, "media_ids": list(media_ids)}
        return await self._act(service_request_id, "done", revision, **body)

    async def reject(
        self, service_request_id: str, revision: int, reason_code: str, text: str
    ) -> ServiceRequest:
        """Refuse it for a coded reason."""
        body = {"reason_code": reason_code, "description": text}
        return await self._act(service_request_id, "reject", revision, **body)

    async def assign(
        self, service_request_id: str, revision: int, subject_key: str
    ) -> ServiceRequest:
        """Give it to a colleague."""
        return await self._act(service_request_id, "assign", revision, subject_key=subject_key)

    async def note(self, service_request_id: str, revision: int, text: str) -> ServiceRequest:
        """Say publicly why it is late."""
        return await self._act(service_request_id, "note", revision, description=text)

    async def hoax(self, service_request_id: str, revision: int) -> ServiceRequest:
        """Flag it as made up."""
        return await self._act(service_request_id, "hoax", revision)

    async def upload(self, file: Photo | bytes) -> str:
        """Send a photo with its words, or a PDF's bytes, ahead as proof; returns its media id."""
        if isinstance(file, Photo):
            files, data = jpeg_files("media", [file.jpeg]), {"description": file.description}
        else:
            files, data = [("media", ("document.pdf", file, "application/pdf"))], {}
        key = new_id()
        answer = await self._gateway.post(
            "/reports/photos", data=data, files=files, idempotency_key=key
        )
        media_id = words(one_object(answer), "media_id")
        if not media_id:
            raise GatewayUnavailable("broken_answer")
        return media_id

    async def set_public(self, media_id: str, cleared: bool, boxes: Sequence[Box] = ()) -> None:
        """Let everyone see a photo, or no longer; `boxes` are blurred in the public copy."""
        body = {"cleared": cleared, "boxes": [list(box) for box in boxes]}
        await self._gateway.put(f"{PATH}/media/{segment(media_id)}/public", json=body)

    async def _act(
        self, service_request_id: str, act: str, revision: int, **body: Any
    ) -> ServiceRequest:
        answer = await self._gateway.post(
            _place(service_request_id, act),
            json=body,
            idempotency_key=new_id(),
            if_match=f'"{revision}"',
        )
        return service_request_of(answer)


def _place(service_request_id: str, act: str = "") -> str:
    return f"{PATH}/{segment(service_request_id)}" + (f"/{act}" if act else "")
