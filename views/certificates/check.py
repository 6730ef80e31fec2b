"""A certificate that somebody shows: asked about once, and answered on a screen of its own."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import flet as ft

from app import paths
from app.hooks import Failed, Ready, component, use_look, use_resource, use_services
from app.text import _
from services.certificates import Sought, Verification
from services.errors import Rejected, ServiceError
from views.certificates.verdict import Unchecked, VerdictBanner, VerdictDetails
from views.components import ErrorPanel, Loaded, MainButton, Note, OutlineButton, Screen
from views.components.paper_reader import Paper, PaperReader

CODE = re.compile(r"[A-HJ-NP-Z2-9]{8}")
"""The letters of a printed code; the paper parts them by a dash."""


def code_of(text: str) -> str:
    """The printed code in a typed or scanned text or in the checking page's address; or nothing."""
    if "://" in text:
        text = parse_qs(urlsplit(text).query).get("code", [""])[0]
    plain = re.sub(r"[\s-]", "", text).upper()
    return f"{plain[:4]}-{plain[4:]}" if CODE.fullmatch(plain) else ""


def reads(paper: Paper) -> bool:
    """Whether this may be a certificate: its code, its link, or a PDF."""
    if paper.data:
        return paper.name.lower().endswith(".pdf") or paper.data.startswith(b"%PDF")
    return bool(code_of(paper.text))


def screen(paper: Paper, another: Callable[[], None]) -> ft.Control:
    """The answer on a code or a file."""
    return Checked(paper.data or code_of(paper.text), another)


CERTIFICATES = PaperReader(reads, screen, ("pdf",))


@component
def Checked(sought: Sought, another: Callable[[], None]) -> ft.Control:
    """The verdict; no verdict is said as such, with a way to try again."""
    services = use_services()

    async def check() -> Verification:
        return await services.certificates.verify(sought)

    found = use_resource(check)
    if isinstance(found, Ready):
        return VerdictScreen(found.value, another)
    if isinstance(found, Failed):
        return NoVerdict(found.error, found.retry, another)
    return _frame(Loaded(found, lambda value: ft.Container()))


@component
def VerdictScreen(found: Verification, another: Callable[[], None]) -> ft.Control:
    """The verdict at once, then why, about whom, what to do, and when."""
    look = use_look()
    banner = VerdictBanner(found)
    across = look.compact and not look.large_text
    return _frame(
        *(() if across else (banner,)),
        VerdictDetails(found),
        strip=banner if across else None,
        foot=(_again(another),),
    )


@component
def NoVerdict(
    error: ServiceError, retry: Callable[[], None], another: Callable[[], None]
) -> ft.Control:
    """Refused, or no answer: never shown as valid."""
    if isinstance(error, Rejected):
        return _frame(_refusal(error), foot=(_again(another),))
    again = OutlineButton(_("Try again"), retry, ft.Icons.REFRESH_ROUNDED)
    return _frame(Unchecked(error), again, foot=(_again(another),))


def _refusal(error: Rejected) -> ft.Control:
    if error.code == "too_large":
        words = _("A certificate is much smaller, so this file is none.")
        return Note(_("The file is too large."), words, "error", live=True)
    return ErrorPanel(error)


def _again(another: Callable[[], None]) -> ft.Control:
    return MainButton(_("Check another certificate"), another, ft.Icons.QR_CODE_SCANNER_ROUNDED)


def _frame(
    *content: ft.Control, strip: ft.Control | None = None, foot: tuple[ft.Control, ...] = ()
) -> ft.Control:
    return Screen(_("Document check"), *content, back=paths.ME, close=True, strip=strip, foot=foot)
