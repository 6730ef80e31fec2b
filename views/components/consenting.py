"""Asking for a consent where it is first needed: the text, two answers of the same weight, no preset.

A view that lacks one asks by itself: `ErrorPanel` and `Loaded` draw `ConsentPanel` for the gateway's
`consent_required`. What happens on the device alone goes through `use_asking`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.hooks import (
    Failed,
    Ready,
    component,
    use_action,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_state,
)
from app.text import _, explain, language
from services.consents import AGREED, ASKED, REFUSED, Purpose
from services.errors import NotPermitted
from views.components.buttons import LinkButton, OutlineButton, TonalButton
from views.components.cards import Card
from views.components.keyed import keyed
from views.components.notes import Note
from views.components.words import Heading, Text, stacked

Act = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asking:
    """`first` does an act if its consent is given, and else asks; `panel` is what asks meanwhile."""

    first: Callable[[Act], Awaitable[None]]
    panel: tuple[ft.Control, ...]


def use_asking(code: str, child: str = "") -> Asking:
    """Before something on this device alone, such as reading where it is."""
    services = use_services()
    asked, set_asked = use_state(False)
    # Typed as anything: a ref takes a function for the maker of its first value.
    waiting: Any = ft.use_ref(None)

    async def first(act: Act) -> None:
        if await services.consents.is_given(code, child):
            await act()
            return
        waiting.current = act
        set_asked(True)

    async def agreed() -> None:
        set_asked(False)
        if waiting.current is not None:
            await waiting.current()

    panel = (keyed(f"ask-{code}", AskConsent, code, child, agreed),) if asked else ()
    return Asking(first, panel)


@component
def ConsentPanel(error: NotPermitted, retry: Callable[[], Any] | None = None) -> ft.Control:
    """What stands where an answer would, while the gateway lacks a consent; agreed, it goes on."""

    async def agreed() -> None:
        if retry is not None and (waited := retry()) is not None:
            await waited

    return AskConsent(error.purpose, error.child, agreed)


@component
def AskConsent(code: str, child: str, agreed: Act, way: str = ASKED) -> ft.Control:
    """The question with its text, or why it cannot be asked now; `agreed` is run after a yes."""
    services = use_services()

    async def fetch() -> Purpose:
        return await services.consents.purpose(code, child)

    found = use_resource(fetch, code, child)
    if isinstance(found, Failed):
        again = OutlineButton(_("Try again"), found.retry, ft.Icons.REFRESH_ROUNDED)
        return stacked([Note(explain(found.error), tone="tertiary", live=True), again])
    if isinstance(found, Ready):
        return keyed(f"{code}-{child}", Question, found.value, child, agreed, way)
    return ft.Container(height=1)


@component
def Question(purpose: Purpose, child: str, agreed: Act, way: str) -> ft.Control:
    """The text with its two answers, then what was answered."""
    services, revisions = use_services(), use_revisions()
    answered, set_answered = use_state("")

    async def decide(decision: str) -> None:
        await services.consents.decide(purpose, decision, language(), way=way, child=child)
        set_answered(decision)
        revisions.consents += 1
        revisions.outbox += 1
        if decision == AGREED:
            await agreed()

    async def agree() -> None:
        await decide(AGREED)

    async def refuse() -> None:
        await decide(REFUSED)

    def ask_again(e: object = None) -> None:
        set_answered("")

    agreeing, refusing = use_action(agree), use_action(refuse)
    failed = agreeing.error or refusing.error
    if not purpose.may_decide:
        return Note(_("A parent decides this."), live=True)
    if answered and not failed:
        return _answered(purpose, answered, ask_again)
    return ConsentText(
        purpose,
        *([Note(explain(failed), tone="error", live=True)] if failed else []),
        TonalButton(_("I agree"), agreeing, ft.Icons.CHECK_ROUNDED),
        TonalButton(_("I do not agree"), refusing, ft.Icons.CLOSE_ROUNDED),
    )


def _answered(purpose: Purpose, answer: str, ask_again: Callable[..., None]) -> ft.Control:
    if answer == AGREED:
        return Note(_("You agreed."), _("You can withdraw at any time."), "primary", live=True)
    read = LinkButton(_("Read it again"), ask_again)
    return Note(_("You did not agree."), purpose.text(language()).refusing, action=read, live=True)


@component
def ConsentText(purpose: Purpose, *below: ft.Control) -> ft.Control:
    """The whole text: what for, whether it is sensitive, what a refusal and a withdrawal mean."""
    text, look = purpose.text(language()), use_look()
    mark = ft.Icon(icon_of(purpose), size=look.icon(24), color=look.palette.primary)
    title = ft.Container(Heading(text.title, 2, "title_small"), expand=True)
    kind = sensitive_word(purpose.sensitive)
    lines = [
        *([Text(kind, "small_label", look.palette.tertiary)] if kind else []),
        Text(text.words),
        Text(text.refusing, "supporting"),
        Text(
            _("You can withdraw under Me, Data and privacy. Then: {what}").format(
                what=text.stopping
            ),
            "supporting",
        ),
    ]
    head = ft.Row([mark, title], spacing=12, vertical_alignment=ft.CrossAxisAlignment.START)
    return ft.Semantics(
        container=True,
        live_region=True,
        content=Card(stacked([head, *lines, *below])),
    )


def sensitive_word(kind: str) -> str:
    """Which kind of sensitive data it is (Decree 356/2025), empty for none."""
    return {
        "location": _("Sensitive data: location"),
        "health": _("Sensitive data: health"),
        "crime": _("Sensitive data: criminal record"),
    }.get(kind, "")


def icon_of(purpose: Purpose) -> ft.IconData:
    """The mark of the area a purpose belongs to."""
    icons = ft.Icons
    return {
        "report_place": icons.MY_LOCATION_ROUNDED,
        "follow_notices": icons.NOTIFICATIONS_NONE_ROUNDED,
        "health_copies": icons.SAVE_OUTLINED,
        "health_share": icons.IOS_SHARE_ROUNDED,
        "certificate_register": icons.VERIFIED_OUTLINED,
        "card_taps": icons.DIRECTIONS_BUS_ROUNDED,
        "support_bundle": icons.SUPPORT_AGENT_ROUNDED,
    }.get(purpose.purpose, icons.PRIVACY_TIP_OUTLINED)
