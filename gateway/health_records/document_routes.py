"""Beside FHIR: pages of a record's documents as pictures, and a summary as PDF to print or keep."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from gateway.conditional import answer
from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.health_records.access import readable
from gateway.health_records.accesses import Look, record
from gateway.health_records.binaries import content_of
from gateway.health_records.pages import page
from gateway.health_records.printed_summary import print_summary
from gateway.health_records.reading import Asking, read_one
from gateway.health_records.scopes import demand
from gateway.health_records.sections import TITLES, only_sections
from gateway.health_records.store import find_patient, stored_bundles
from gateway.health_records.summary import summarize
from gateway.problems import FieldError, invalid, not_found, reference_of
from gateway.security import Caller, resident

router = APIRouter(prefix="/health/v1", tags=["health_records"])

Reader = Annotated[Caller, Depends(resident())]
_PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}
_PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}


class SummaryBody(BaseModel):
    """Which sections to print, as LOINC codes in the order of the page; none is all of them.

    `patient_id` is a record the caller may read; without it their own.
    """

    sections: list[str] = Field(default_factory=list, max_length=30)
    patient_id: str | None = Field(default=None, max_length=64)


@router.get("/documents/{binary_id}/pages/{number}.png", responses=_PNG, response_class=Response)
async def document_page(
    binary_id: str,
    number: int,
    request: Request,
    caller: Reader,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """Page `number` (from 1) of a Binary that is a PDF; X-Page-Count says how many there are."""
    demand(caller, "Binary", "r")
    look = Look(caller, "read", reference_of(request), settings.clock())
    asking = Asking(look, "", settings.sandbox)
    found = await database.run(lambda c: read_one(c, asking, "Binary", binary_id))
    _, content = content_of(found)
    try:
        picture, count = await to_thread.run_sync(page, content or b"", number)
    except (IndexError, ValueError):
        raise not_found() from None
    drawn = answer(request, picture, "image/png", cache_control="private, no-store")
    drawn.headers["X-Page-Count"] = str(count)
    return drawn


@router.post("/summary.pdf", responses=_PDF, response_class=Response)
async def summary_pdf(
    body: SummaryBody,
    request: Request,
    caller: Reader,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """Chosen sections of a record as one PDF. It writes nothing, so it needs no key."""
    demand(caller, "*", "r")
    if unknown := sorted(set(body.sections) - set(TITLES)):
        raise invalid([FieldError(field=f"sections.{len(unknown)}", code="unknown")])
    now = settings.clock()
    look = Look(caller, "print", reference_of(request), now, part="summary.pdf")

    def work(connection: Connection) -> str:
        patient_id = body.patient_id or find_patient(connection, caller.subject)
        if patient_id is None:
            raise not_found()
        right = readable(connection, caller, patient_id, now.timestamp())
        record(connection, patient_id, replace(look, basis=right.basis))
        whole = summarize(patient_id, stored_bundles(connection, patient_id))
        return whole if right.sections is None else only_sections(whole, right.sections)

    document = await database.run(work)
    chosen = tuple(body.sections)
    printed = await to_thread.run_sync(print_summary, document, chosen, now, settings.sandbox)
    name = f"tom-tat-suc-khoe-{now:%Y-%m-%d}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(printed, headers=headers, media_type="application/pdf")
