"""The public page /verify: anyone checks a certificate, by file, code, number or link, without an
account.
"""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from pathlib import Path

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from gateway.certificates import presentations, presented_html
from gateway.certificates.authority import Authority
from gateway.certificates.bounded import INSPECTOR
from gateway.certificates.configuration import Configuration
from gateway.certificates.office import Office, open_keys, open_office
from gateway.certificates.page_html import form_page, verdict_page
from gateway.certificates.page_words import SHOWN, Language, say
from gateway.certificates.throttle import Throttle
from gateway.certificates.timestamps import read_root
from gateway.certificates.uploads import Submission, TooLargeError, read_submission
from gateway.certificates.verification import Verdict, Verification, Verifier
from gateway.database import Database
from gateway.problems import Problem
from gateway.settings import Settings

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
FONTS = ("BeVietnamPro_400Regular.ttf", "BeVietnamPro_600SemiBold.ttf")
LARGEST_NAME = 2000
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
            Route("/p/{secret}", page.ask_name, methods=["GET"]),
            Route("/p/{secret}", page.look, methods=["POST"]),
            Route("/style.css", _style, methods=["GET"]),
            Route("/fonts/{name}", _font, methods=["GET"]),
        ]
    )


class _Page:
    """The handlers; keys are opened at the first check, after the gateway made them."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings, self._database = settings, database
        self._rules = Configuration.from_environment(os.environ)
        self._throttle = Throttle(self._rules.checks_per_minute)
        self._keys: Authority | None = None
        self._office: Office | None = None

    async def show(self, request: Request) -> Response:
        """The empty form, or the answer for `?code=`."""
        code = request.query_params.get("code", "").strip()
        if not code:
            return self._form(request)
        return await self._answer(request, Submission(code[:40], b""))

    async def check(self, request: Request) -> Response:
        """The answer for an uploaded file, which is not kept, a code, or a number with its fields."""
        try:
            sent = await read_submission(request, self._rules.upload_limit)
        except TooLargeError:
            return self._form(request, "too_large", 413)
        except HTTPException:
            return self._form(request, "malformed", 400)
        if not sent.document and not sent.code and sent.fields is None:
            return self._form(request, "nothing", 400)
        return await self._answer(request, sent)

    async def ask_name(self, request: Request) -> Response:
        """The page that asks who looks; a link's preview in a chat opens nothing."""
        secret, language = request.path_params["secret"], _language(request)
        try:
            self._throttle.hold_back(request)
            at = self._settings.clock()
            there = await self._database.run(
                lambda db: presentations.is_open(db, secret, at), write=False
            )
        except Problem as problem:
            return self._too_many(request, problem)
        except SQLAlchemyError as error:
            return self._unchecked(request, error)
        if not there:
            self._throttle.missed(request)
            return HTMLResponse(presented_html.nothing(_base(request), language), 404, HEADERS)
        return HTMLResponse(presented_html.ask_name(_base(request), language), 200, HEADERS)

    async def look(self, request: Request) -> Response:
        """The chosen claims, for whoever typed a name."""
        secret, language, base = request.path_params["secret"], _language(request), _base(request)
        try:
            self._throttle.hold_back(request)
            name = (await read_submission(request, LARGEST_NAME)).name
            if not name or not name.isprintable():
                problem = say(SHOWN, "no_name", language)
                return HTMLResponse(presented_html.ask_name(base, language, problem), 400, HEADERS)
            office = await to_thread.run_sync(self._opened)
            found = await self._database.run(
                lambda db: presentations.look(db, secret, name, office)
            )
        except Problem as problem_document:
            return self._too_many(request, problem_document)
        except (TooLargeError, HTTPException):
            return self._form(request, "malformed", 400)
        except (OSError, SQLAlchemyError) as error:
            return self._unchecked(request, error)
        if found.verdict is Verdict.UNKNOWN:
            self._throttle.missed(request)
            return HTMLResponse(presented_html.nothing(base, language), 404, HEADERS)
        return HTMLResponse(presented_html.shown(base, language, found), 200, HEADERS)

    async def _answer(self, request: Request, sent: Submission) -> Response:
        try:
            self._throttle.hold_back(request)
            found = await self._verify(sent)
        except Problem as problem:
            return self._too_many(request, problem)
        except (OSError, SQLAlchemyError) as error:
            return self._unchecked(request, error)
        if found.verdict is Verdict.UNKNOWN:
            self._throttle.missed(request)
        return HTMLResponse(verdict_page(_base(request), _language(request), found), 200, HEADERS)

    async def _verify(self, sent: Submission) -> Verification:
        keys = await to_thread.run_sync(self._authority)
        verifier = Verifier(
            self._database,
            keys.root.certificate,
            self._settings.clock,
            stamp_root=read_root(self._rules.tsa_root),
            inspect=INSPECTOR,
        )
        if sent.document:
            return await verifier.check_file(sent.document)
        if sent.fields is not None:
            return await verifier.check_fields(sent.fields)
        return await verifier.check_code(sent.code)

    def _authority(self) -> Authority:
        """The keys, read once: that costs more than a check."""
        if self._keys is None:
            self._keys = open_keys(self._settings)
        return self._keys

    def _opened(self) -> Office:
        if self._office is None:
            self._office = replace(open_office(self._settings), configuration=self._rules)
        return self._office

    def _too_many(self, request: Request, problem: Problem) -> Response:
        answer = self._form(request, "too_many", problem.status)
        answer.headers.update(problem.headers)
        return answer

    def _unchecked(self, request: Request, error: Exception) -> Response:
        log.error("certificate_unchecked %s", type(error).__name__)
        return self._form(request, "unchecked", 503)

    def _form(self, request: Request, problem: str = "", status: int = 200) -> Response:
        limit = self._rules.upload_limit
        page = form_page(_base(request), _language(request), problem, limit)
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
