"""The residents' operations on an issued certificate: opening it, its file, pages and twin."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Header, Query, Response
from sqlalchemy import Connection, Row

from gateway.certificates import (
    applications,
    bodies,
    credential,
    drafting,
    passcodes,
    pdf,
    reads,
    registering,
    sd_jwt,
    wire,
)
from gateway.certificates.office import Office
from gateway.certificates.serving import CurrentOffice, FreshHolder
from gateway.database import Database
from gateway.dependencies import CurrentDatabase
from gateway.problems import Problem, not_found
from gateway.security import Caller

router = APIRouter(prefix="/certificates/v1", tags=["certificates"])

Opening = Annotated[str | None, Header(alias="Certificate-Opening")]
"""What an opening gave, for a certificate that has a passcode."""


@router.post("/applications/{application_id}/openings", status_code=201)
async def open_certificate(
    application_id: str,
    body: bodies.PasscodeBody,
    caller: FreshHolder,
    office: CurrentOffice,
    database: CurrentDatabase,
) -> dict[str, str]:
    """Open form No. 2 with its passcode for ten minutes; wrong ones are counted and lock it."""
    at = office.settings.clock()

    def begin(db: Connection) -> str:
        mine = applications.get_mine(db, caller.subject, application_id)
        if mine.passcode is None:
            raise Problem(409, "no-passcode", "This certificate has no passcode")
        passcodes.begin(db, mine, at)
        return str(mine.passcode)

    kept = await database.run(begin)
    given = office.secret, body.passcode, kept
    if not await to_thread.run_sync(passcodes.matches, *given):
        raise await database.run(lambda db: passcodes.refuse(db, application_id), write=False)
    opening = await database.run(lambda db: passcodes.succeed(db, application_id, at))
    return {"opening": opening.token, "expires_datetime": wire.moment(opening.expires_at)}


@router.get(
    "/applications/{application_id}/certificate",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
async def get_certificate(
    application_id: str,
    caller: FreshHolder,
    office: CurrentOffice,
    database: CurrentDatabase,
    opening: Opening = None,
    archive: Annotated[bool, Query()] = False,
) -> Response:
    """The signed PDF of one of the caller's own applications, or with `archive` the one with its
    archive timestamp; the log notes that it was opened.
    """
    opened = _Opened(office, caller, application_id, opening)
    mine, document = await opened.document(database, "certificate", archive=archive)
    suffix = f"{mine.certificate_type}-{mine.number.rpartition('-')[2]}"
    name = f"phieu-ly-lich-tu-phap-so-{suffix}{'-luu-tru' if archive else ''}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(document, media_type="application/pdf", headers=headers)


@router.get(
    "/applications/{application_id}/pages/{page}.png",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}},
)
async def get_page(
    application_id: str,
    page: int,
    caller: FreshHolder,
    office: CurrentOffice,
    database: CurrentDatabase,
    opening: Opening = None,
) -> Response:
    """Page `page` (from 1) of one's own certificate as a picture; the log notes the opening."""
    opened = _Opened(office, caller, application_id, opening)
    _, document = await opened.document(database, "page")
    try:
        picture = await to_thread.run_sync(pdf.page_image, document, page)
    except IndexError:
        raise not_found() from None
    return Response(picture, media_type="image/png")


@router.get(
    "/applications/{application_id}/credential",
    response_class=Response,
    responses={200: {"content": {f"application/{sd_jwt.TYPE}": {}}}},
)
async def get_credential(
    application_id: str,
    caller: FreshHolder,
    office: CurrentOffice,
    database: CurrentDatabase,
    opening: Opening = None,
) -> Response:
    """The machine-readable twin as it is embedded in the PDF."""
    opened = _Opened(office, caller, application_id, opening)
    mine = await database.run(opened.credential)
    headers = {"Content-Disposition": f'attachment; filename="{mine.number[-6:]}.sd-jwt"'}
    return Response(str(mine.credential), media_type=f"application/{sd_jwt.TYPE}", headers=headers)


@router.post("/applications/{application_id}/credential")
async def bind_credential(
    application_id: str,
    body: bodies.KeyBody,
    caller: FreshHolder,
    office: CurrentOffice,
    database: CurrentDatabase,
    opening: Opening = None,
) -> dict[str, Any]:
    """The twin anew, bound to the key of the device that asks: the same facts, the same place in
    the status list.
    """
    opened = _Opened(office, caller, application_id, opening)
    mine = await database.run(opened.credential)
    issued = datetime.fromtimestamp(mine.issued_at, UTC)
    facts, address = drafting.facts_of(mine, issued), office.settings.api_url
    made = credential.issue(office.authority, facts, address, body.holder_key)
    names = sd_jwt.check(made, credential.public_key(office.authority)).claims
    return {"credential": made, "claims": [{"name": name} for name in names]}


class _Opened:
    """One's own certificate, opened with its passcode where it has one, and written down."""

    def __init__(
        self, office: Office, caller: Caller, application_id: str, opening: str | None
    ) -> None:
        self._office, self._subject = office, caller.subject
        self._application_id, self._opening = application_id, opening

    async def document(
        self, database: Database, kind: str, *, archive: bool = False
    ) -> tuple[Row[Any], bytes]:
        """The application and its file. Raises a 404 `Problem` where there is none."""

        def opened(db: Connection) -> tuple[Row[Any], bytes | None]:
            mine = self._find(db)
            read = registering.long_term if archive else registering.document
            found = read(db, mine.number)
            if found is not None:
                self._record(db, mine, kind)
            return mine, found

        mine, found = await database.run(opened)
        if found is None:
            raise not_found()
        return mine, found

    def credential(self, db: Connection) -> Row[Any]:
        """The application of a certificate that has a twin."""
        mine = self._find(db)
        if mine.credential is None:
            raise not_found()
        self._record(db, mine, "credential")
        return mine

    def _find(self, db: Connection) -> Row[Any]:
        mine = applications.get_mine(db, self._subject, self._application_id)
        if mine.certificate_status is None:
            raise not_found()
        passcodes.demand(db, mine, self._opening, self._office.settings.clock())
        return mine

    def _record(self, db: Connection, mine: Row[Any], kind: str) -> None:
        at = self._office.settings.clock()
        reads.record(db, mine.number, kind, at, actor=reads.RESIDENT)
