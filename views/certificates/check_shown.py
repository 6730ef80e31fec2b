"""A link that shows a part of a certificate: who looks says who they are, then sees it."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import flet as ft

from app import paths
from app.hooks import component, use_action, use_look, use_services, use_state
from app.text import _, show_moment
from services.certificates import Shown
from services.errors import Rejected
from views.certificates.claim_words import claim_value, claim_word
from views.certificates.details import DetailRow
from views.certificates.verdict import Banner, Unchecked
from views.components import CardList, ErrorPanel, Heading, MainButton, Screen, Text, TextBox
from views.components.paper_reader import Paper, PaperReader

SECRET = re.compile(r"/verify/p/([A-Za-z0-9_-]{16,})/?")


def secret_of(text: str) -> str:
    """The secret in the address of a shown part; or nothing."""
    found = SECRET.fullmatch(urlsplit(text.strip()).path) if "://" in text else None
    return found[1] if found else ""


def reads(paper: Paper) -> bool:
    """Whether this is the link of a shown part."""
    return bool(secret_of(paper.text))


def screen(paper: Paper, another: Callable[[], None]) -> ft.Control:
    """The shown part, once whoever looks wants to see it."""
    return LookAt(secret_of(paper.text), another)


SHOWN_PARTS = PaperReader(reads, screen)


@component
def LookAt(secret: str, another: Callable[[], None]) -> ft.Control:
    """A name is asked for because the holder sees who looked; nobody verifies it."""
    services, look = use_services(), use_look()
    name, set_name = use_state("")
    tried, set_tried = use_state(False)
    nothing: Any = None
    found, set_found = use_state(nothing)

    async def ask() -> None:
        set_tried(True)
        if not name.strip():
            return
        set_found(await services.certificates.presentations.check(secret, name.strip()))

    asking = use_action(ask)
    if found is not None:
        return ShownScreen(found, another)
    error = asking.error
    failed: list[ft.Control] = []
    if error is not None:
        failed = [ErrorPanel(error) if isinstance(error, Rejected) else Unchecked(error)]
    hint = _("The person who shows it sees this name and that you looked.")
    return Screen(
        _("Document check"),
        Heading(_("A part of a certificate is shown to you"), 2, "headline_small"),
        TextBox(
            _("Who is looking"),
            name,
            set_name,
            help_text=hint,
            error=_("Write your name, or where you work.") if tried and not name.strip() else "",
            max_length=80,
            scale=look.scale,
        ),
        *failed,
        back=another,
        close=True,
        foot=(MainButton(_("Look"), asking, ft.Icons.VISIBILITY_ROUNDED, _("Checking…")),),
    )


@component
def ShownScreen(found: Shown, another: Callable[[], None]) -> ft.Control:
    """The verdict first, then the chosen claims; only a valid one shows claims to rely on."""
    look = use_look()
    banner = ShownBanner(found)
    across = look.compact and not look.large_text
    rows = [DetailRow(claim_word(name), claim_value(name, v)) for name, v in found.claims.items()]
    when = _("Checked at {time}").format(time=show_moment(found.checked_datetime))
    advice = _("Compare what is shown with the person's identity card before you rely on it.")
    again = MainButton(_("Check another certificate"), another, ft.Icons.QR_CODE_SCANNER_ROUNDED)
    return Screen(
        _("Document check"),
        *(() if across else (banner,)),
        ft.Container(height=0),
        *([CardList(*rows)] if rows else []),
        *([Text(advice)] if found.is_valid else []),
        Text(when, "supporting"),
        back=paths.ME,
        close=True,
        strip=banner if across else None,
        foot=(again,),
    )


@component
def ShownBanner(found: Shown) -> ft.Control:
    """What the link's state means."""
    words = {
        "valid": (_("The shown part is genuine"), _("Signed by the authority, and in force.")),
        "revoked": (_("Certificate was revoked"), _("Do not rely on what is shown.")),
        "superseded": (
            _("A newer certificate replaced it"),
            _("Ask the person for the newer one."),
        ),
    }
    nothing = _("The link has ended, was stopped, or was copied wrongly. Ask for a new one.")
    title, reason = words.get(found.verdict, (_("Nothing is shown any more"), nothing))
    return Banner(found.verdict, title, reason)
