"""The public page /verify: anyone checks a certificate, by file or code, without an account."""

from __future__ import annotations

import logging
from pathlib import Path

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from gateway.certificates.configuration import Configuration
from gateway.certificates.office import open_keys
from gateway.certificates.page_html import form_page, verdict_page
from gateway.certificates.page_words import Language
from gateway.certificates.uploads import TooLargeError, read_submission
from gateway.certificates.verification import Verification, Verifier
from gateway.database import Database
from gateway.settings import Settings

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
FONTS = ("BeVietnamPro_400Regular.ttf", "BeVietnamPro_600SemiBold.ttf")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; font-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def verify_app(settings: Settings, database: Database) -> Starlette:
    """The page as an application of its own, to be mounted at /verify beside the gateway."""
    page = _Page(settings, database)
    return Starlette(
        routes=[
            Route("/", page.show, methods=["GET"]),
            Route("/", page.check, methods=["POST"]),
            Route("/style.css", _style, methods=["GET"]),
            Route("/fonts/{name}", _font, methods=["GET"]),
        ]
    )


class _Page:
    """The two handlers; keys are opened at the first check, after the gateway made them."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings, self._database = settings, database
        self._limit = Configuration().upload_limit

    async def show(self, request: Request) -> Response:
        """The empty form, or the answer for `?code=`."""
        code = request.query_params.get("code", "").strip()
        if not code:
            return self._form(request)
        return await self._answer(request, code[:40], b"")

    async def check(self, request: Request) -> Response:
        """The answer for an uploaded file, which is not kept, or a code."""
        try:
            sent = await read_submission(request, self._limit)
        except TooLargeError:
            return self._form(request, "too_large", 413)
        except HTTPException:
            return self._form(request, "malformed", 400)
        if not sent.document and not sent.code:
            return self._form(request, "nothing", 400)
        return await self._answer(request, sent.code, sent.document)

    async def _answer(self, request: Request, code: str, document: bytes) -> Response:
        try:
            found = await self._verify(code, document)
        except (OSError, SQLAlchemyError) as error:
            log.error("certificate_unchecked %s", type(error).__name__)
            return self._form(request, "unchecked", 503)
        return HTMLResponse(verdict_page(_base(request), _language(request), found), 200, HEADERS)

    async def _verify(self, code: str, document: bytes) -> Verification:
        keys = await to_thread.run_sync(open_keys, self._settings)
        verifier = Verifier(self._database, keys.root.certificate, self._settings.clock)
        return await (verifier.check_file(document) if document else verifier.check_code(code))

    def _form(self, request: Request, problem: str = "", status: int = 200) -> Response:
        page = form_page(_base(request), _language(request), problem, self._limit)
        return HTMLResponse(page, status, HEADERS)


async def _style(request: Request) -> Response:
    return FileResponse(HERE / "style.css", media_type="text/css", headers=_kept())


async def _font(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in FONTS:
        raise HTTPException(404)
    return FileResponse(HERE / "fonts" / name, media_type="font/ttf", headers=_kept())


def _kept() -> dict[str, str]:
    return {**HEADERS, "Cache-Control": "public, max-age=86400"}


def _base(request: Request) -> str:
    """Where the page is mounted, such as "/verify"."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def _language(request: Request) -> Language:
    """The language asked for, else the browser's first one, else Vietnamese."""
    asked = request.query_params.get("lang", "") or request.headers.get("accept-language", "")
    return "en" if asked.lower().startswith("en") else "vi"
