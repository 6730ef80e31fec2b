"""The head of the replay's page: which bundle, what the resident agreed to, until when, and what is to be known."""

from __future__ import annotations

import flet as ft

from app import __version__
from app.hooks import component, use_look
from app.replay.opened import Opened
from app.replay.performing import Performance
from app.text import Status, _, local, ngettext, show_date
from views.components import Heading, IconAction, Note, OpenBuildLabel, StatusChip, Text


@component
def Top(opened: Opened) -> ft.Control:
    """The code, that it is being watched, how many items were agreed to, when it is deleted."""
    look, manifest = use_look(), opened.bundle.manifest

    async def back() -> None:
        await ft.UrlLauncher().launch_url(opened.case, web_only_window_name="_self")

    watched = Status(_("Being watched"), "lake", ft.Icons.SUPPORT_AGENT_ROUNDED)
    agreed = ngettext(
        "The resident agreed to {n} item", "The resident agreed to {n} items", len(manifest.items)
    )
    deleted = _("Deleted by itself {day}").format(day=show_date(local(manifest.expires)))
    wraps = look.large_text or look.width < 1000
    # Nothing may stretch in a row that wraps.
    between: list[ft.Control] = [] if wraps else [ft.Container(expand=True)]
    leading = [IconAction(ft.Icons.ARROW_BACK_ROUNDED, _("Back"), back)] if opened.case else []
    return ft.Container(
        ft.Row(
            [
                *leading,
                Heading(opened.code, 1),
                StatusChip(watched),
                *between,
                _fact(ft.Icons.VERIFIED_USER_ROUNDED, agreed, look.palette.primary),
                _fact(ft.Icons.AUTO_DELETE_OUTLINED, deleted, look.palette.on_surface_variant),
                OpenBuildLabel(),
            ],
            spacing=16,
            wrap=wraps,
        ),
        padding=ft.Padding.symmetric(horizontal=24, vertical=12),
    )


@component
def Notice() -> ft.Control:
    """What this is, so that nobody takes it for the resident's own screen."""
    return Note(
        _("This is a replay,"),
        _(
            "made from the steps a resident sent. Personal data is replaced by stand-ins. "
            "This viewing is logged."
        ),
        "lotus",
        icon=ft.Icons.REPLAY_ROUNDED,
        strip=True,
    )


def differs(performance: Performance) -> bool:
    """Whether the replay left the recording somewhere."""
    return performance.first_difference is not None or performance.crash is not None


@component
def Difference(performance: Performance) -> ft.Control:
    """The first step at which the replay left the recording, with both versions of the app."""
    scene = performance.first_difference
    if not differs(performance):
        return ft.Container()
    versions = _("Recorded with app {recorded}, replayed with app {replayed}.").format(
        recorded=performance.bundle.manifest.app_version or "?", replayed=__version__
    )
    if scene is None:
        return Note(_("The app stopped in the replay."), versions, "error", strip=True)
    phrase = _("Differs from the recording from step {n}.").format(n=scene.step.number)
    return Note(phrase, versions, "tertiary", icon=ft.Icons.CALL_SPLIT_ROUNDED, strip=True)


def _fact(icon: ft.IconData, words: str, color: str) -> ft.Control:
    return ft.Row([ft.Icon(icon, size=22, color=color), Text(words, "supporting")], tight=True)
