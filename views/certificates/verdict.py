"""The answer to a check: verdict, three checks, masked details, what to do, and the time."""

from datetime import datetime

import flet as ft

from app.hooks import component, use_look
from app.text import _, explain, local, show_date
from app.theme import Palette, style
from services.certificates import CheckedCertificate, Verification
from services.errors import Offline, ServiceError
from views.certificates.details import DetailRow
from views.components import CardList, Heading, Text

PASSED, FAILED = "passed", "failed"


@component
def VerdictBanner(found: Verification) -> ft.Control:
    """Icon, verdict and reason, announced at once."""
    palette = use_look().palette
    good = (palette.primary_container, palette.on_primary_container)
    bad = (palette.error_container, palette.on_error_container)
    neutral = (palette.surface_container_high, palette.on_surface)
    icons = ft.Icons
    fill, ink, icon = {
        "valid": (*good, icons.VERIFIED_ROUNDED),
        "altered": (*bad, icons.GPP_BAD_ROUNDED),
        "revoked": (*neutral, icons.BLOCK_ROUNDED),
        "superseded": (*neutral, icons.BLOCK_ROUNDED),
    }.get(found.verdict, (*neutral, icons.HELP_ROUNDED))
    return _banner(icon, title_of(found), reason_of(found), fill, ink)


@component
def Unchecked(error: ServiceError) -> ft.Control:
    """No answer came, or none that decides: never shown as valid."""
    palette = use_look().palette
    sentence = _("Try again online. Until then do not rely on the certificate.")
    if not isinstance(error, Offline):
        sentence = " ".join((explain(error), _("Until then do not rely on the certificate.")))
    return _banner(
        ft.Icons.CLOUD_OFF_ROUNDED,
        _("Could not check"),
        sentence,
        palette.tertiary_container,
        palette.on_tertiary_container,
    )


def _banner(icon: ft.IconData, title: str, reason: str, fill: str, ink: str) -> ft.Control:
    look = use_look()
    centre = ft.TextAlign.CENTER
    words = [
        ft.Text(title, style=style("headline_large", look.scale, ink), text_align=centre),
        ft.Text(reason, style=style("body_large", look.scale, ink), text_align=centre),
    ]
    heading = ft.Semantics(
        heading_level=2,
        header=True,
        content=words[0],
    )
    across = look.compact and not look.large_text
    return ft.Semantics(
        live_region=True,
        container=True,
        content=ft.Container(
            ft.Column(
                [ft.Icon(icon, size=72, color=ink), heading, words[1]],
                spacing=8,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            padding=ft.Padding.symmetric(horizontal=16, vertical=24),
            border_radius=0 if across else 16,
            alignment=ft.Alignment.CENTER,
            bgcolor=fill,
        ),
    )


@component
def VerdictDetails(found: Verification) -> ft.Control:
    """Checks, details, advice and time."""
    names = ("signature", "content", "status")
    if found.verdict == "altered":
        names = ("content", "signature", "status")
    return ft.Column(
        [
            ft.Container(height=0),
            CardList(*[CheckRow(name, getattr(found, name), found) for name in names]),
            *([_about(found.certificate)] if found.certificate else []),
            Heading(_("What to do"), 2, "title_small"),
            Text(advice_of(found)),
            Text(_("Checked at {time}").format(time=_moment(found.checked_datetime)), "supporting"),
        ],
        spacing=12,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def CheckRow(name: str, outcome: str, found: Verification) -> ft.Control:
    """One check: passed, failed or not done, by icon and by word."""
    look = use_look()
    icon, color = _mark(outcome, look.palette)
    words: list[ft.Control] = [Text(check_words(name, outcome, found))]
    if name == "signature" and outcome == PASSED and found.signer:
        words.append(Text(found.signer, "supporting"))
    return ft.Container(
        ft.Row(
            [
                ft.Icon(icon, size=look.icon(24), color=color),
                ft.Column(words, spacing=0, tight=True, expand=True),
            ],
            spacing=14,
        ),
        padding=16,
    )


def _mark(outcome: str, palette: Palette) -> tuple[ft.IconData, str]:
    if outcome == PASSED:
        return ft.Icons.CHECK_CIRCLE_ROUNDED, palette.primary
    if outcome == FAILED:
        return ft.Icons.CANCEL_ROUNDED, palette.error
    return ft.Icons.REMOVE_CIRCLE_ROUNDED, palette.outline


def _about(certificate: CheckedCertificate) -> ft.Control:
    return CardList(
        DetailRow(_("Certificate number"), certificate.number),
        DetailRow(_("Issued to"), certificate.name),
        DetailRow(_("Issued on"), show_date(certificate.issued_date)),
    )


def title_of(found: Verification) -> str:
    """The verdict in words."""
    if found.verdict == "unknown" and found.reason != "unknown_code":
        return _("File not recognised")
    titles = {
        "valid": _("Certificate is valid"),
        "altered": _("Content was changed"),
        "revoked": _("Certificate was revoked"),
        "superseded": _("A newer certificate replaced it"),
    }
    return titles.get(found.verdict, _("Number not found"))


def reason_of(found: Verification) -> str:
    """Why, in one sentence."""
    if found.is_valid:
        if found.content != PASSED:
            return _("The number is real and in force.")
        return _("The original, and in force.")
    ended = found.certificate.ended_date if found.certificate else None
    if found.verdict in ("revoked", "superseded"):
        return _("Without force since {date}.").format(date=show_date(ended) if ended else "?")
    reasons = {
        "content_changed": _("Do not accept it."),
        "unknown_code": _("No certificate was issued with this code."),
        "not_issued_here": _("It is not in the register of issued certificates."),
        "other_authority": _("It was not signed by the authority."),
        "no_signature": _("The file has no digital signature."),
    }
    return reasons.get(found.reason, _("Do not accept it."))


def advice_of(found: Verification) -> str:
    """What whoever checked should do now."""
    if found.is_valid and found.content == PASSED:
        return _("Compare the name with the person's identity card before you accept it.")
    if found.is_valid:
        return _(
            "Compare number, name and day with the certificate you hold. "
            "To be sure that its content is unchanged, check the PDF itself."
        )
    if found.verdict == "altered":
        return _(
            "Ask the person to send it again from their app. "
            "If you suspect a forgery, tell the nearest police."
        )
    if found.verdict in ("revoked", "superseded"):
        return _("Ask the person for a new certificate.")
    return _(
        "Look at the code or the file again. "
        "If it stays so, ask the person for the original PDF from their app."
    )


def check_words(name: str, outcome: str, found: Verification) -> str:
    """One check in words."""
    if name == "status" and outcome == FAILED:
        ended = found.certificate.ended_date if found.certificate else None
        day = show_date(ended) if ended else "?"
        return _("Without force since {date}").format(date=day)
    if name == "signature" and found.reason in ("no_signature", "other_authority"):
        return reason_of(found)
    words = {
        ("signature", PASSED): _("Signature is right"),
        ("signature", FAILED): _("Signature does not match"),
        ("content", PASSED): _("Content is unchanged"),
        ("content", FAILED): _("Content differs from what was signed"),
        ("status", PASSED): _("Not revoked"),
    }
    unchecked = {
        "signature": _("Signature not checked"),
        "content": _("Content of the file not checked"),
        "status": _("Revocation not checked"),
    }
    return words.get((name, outcome), unchecked[name])


def _moment(moment: datetime) -> str:
    return f"{local(moment):%H:%M:%S, %d/%m/%Y}"
