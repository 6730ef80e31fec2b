"""The public page of a report: anybody reads how far it is, without an account and without names."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection
from starlette.responses import Response

from gateway.conditional import answer
from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.security import PUBLIC
from gateway.service_requests import records
from gateway.service_requests.public_html import POLICY, missing_page, report_page
from gateway.service_requests.public_words import Language
from gateway.service_requests.reading import timeline
from gateway.service_requests.viewing import Viewer, shown

router = APIRouter(prefix="/reports/public", tags=["Reports"])

_HEADERS = {"Content-Security-Policy": POLICY, "Vary": "Accept-Language"}
_HTML: dict[int | str, dict[str, Any]] = {
    code: {"description": words, "content": {"text/html": {"schema": {"type": "string"}}}}
    for code, words in {200: "The page", 404: "A page that says there is none"}.items()
}

Found = tuple[dict[str, Any], list[dict[str, Any]]]


@router.get(
    "/{service_request_id}",
    openapi_extra=PUBLIC,
    response_class=HTMLResponse,
    responses=_HTML,
)
async def show_page(
    request: Request,
    service_request_id: str,
    settings: CurrentSettings,
    database: CurrentDatabase,
    lang: str = "",
) -> Response:
    """How far a report is, as a page for everybody, in Vietnamese or English."""

    def read(connection: Connection) -> Found | None:
        if not records.is_id(service_request_id):
            return None
        rows = records.list_public(connection, records.one_of(service_request_id))
        viewer = Viewer(settings)
        reports = shown(connection, rows, viewer)
        return (reports[0], timeline(connection, rows[0], viewer)) if reports else None

    found = await database.run(read, write=False)
    language = _language(request, lang)
    if found is None:
        page = missing_page(language, sandbox=settings.sandbox)
        return HTMLResponse(page, 404, {**_HEADERS, "Cache-Control": "no-store"})
    page = report_page(*found, language, sandbox=settings.sandbox)
    made = answer(request, page.encode(), "text/html", cache_control="public, max-age=60")
    made.headers.update(_HEADERS)
    return made


def _language(request: Request, asked: str) -> Language:
    """The language asked for, else the browser's first one, else Vietnamese."""
    wanted = asked or request.headers.get("accept-language", "")
    return "en" if wanted.lower().startswith("en") else "vi"
