"""What was shown of a certificate by links: until when, who looked, and how to stop it."""

import flet as ft

from app.hooks import (
    Ready,
    component,
    use_action,
    use_resource,
    use_revisions,
    use_services,
    use_state,
)
from app.text import Status, _, show_moment
from services.certificates import Presentation, PresentationCheck
from views.certificates.claim_words import claim_word
from views.certificates.shown_link import ShownLink
from views.components import (
    Card,
    ErrorPanel,
    Heading,
    LinkButton,
    Loaded,
    OutlineButton,
    StatusChip,
    Text,
    keyed,
    stacked,
)


@component
def Presented(application_id: str) -> ft.Control:
    """The links of one certificate, the newest first; nothing when there are none."""
    services, revisions = use_services(), use_revisions()

    async def fetch() -> list[Presentation]:
        found = await services.certificates.presentations.list(application_id)
        return [one for one in found if one.status != "draft"]

    found = use_resource(fetch, application_id, revisions.certificates)
    if not isinstance(found, Ready):
        return stacked([Heading(_("Shown by link")), Loaded(found, lambda value: ft.Container())])
    if not found.value:
        return ft.Container(height=0)
    cards = [keyed(one.presentation_id, LinkOf, one) for one in found.value]
    return stacked([Heading(_("Shown by link")), *cards])


@component
def LinkOf(shown: Presentation) -> ft.Control:
    """One link: its state, what it shows, who looked, its code again, and the end of it."""
    services, revisions = use_services(), use_revisions()
    link, set_link = use_state("")

    async def stop() -> None:
        await services.certificates.presentations.stop(shown.presentation_id)
        revisions.certificates += 1

    async def open_code() -> None:
        set_link(
            "" if link else await services.certificates.presentations.link(shown.presentation_id)
        )

    stopping, opening = use_action(stop), use_action(open_code)
    until = _("Until {moment}").format(moment=show_moment(shown.expires_datetime))
    looked = [_look(one) for one in shown.checks] or [_("Nobody has looked yet")]
    buttons: list[ft.Control] = []
    if shown.active:
        words = _("Hide its code") if link else _("Show its code")
        buttons = [
            LinkButton(words, opening, ft.Icons.QR_CODE_2_ROUNDED),
            OutlineButton(_("Stop it now"), stopping, ft.Icons.BLOCK_ROUNDED, danger=True),
        ]
    error = stopping.error or opening.error
    return Card(
        StatusChip(state_of(shown)),
        Text(", ".join(map(claim_word, shown.claims)), "title_small"),
        Text(until, "supporting"),
        *[Text(words, "supporting") for words in looked],
        *([ShownLink(link)] if link else []),
        *([ErrorPanel(error)] if error else []),
        *buttons,
    )


def _look(check: PresentationCheck) -> str:
    return " · ".join((checker(check.name), show_moment(check.datetime)))


def checker(name: str) -> str:
    """Who looked, as they called themselves; nobody has verified it."""
    if not name:
        return _("Somebody without an account")
    return _("“{name}” (not verified)").format(name=name)


def state_of(shown: Presentation) -> Status:
    """`Đang chia sẻ`, `Đã hết giờ`, `Đã dừng`."""
    states = {
        "active": Status(_("Shown now"), "primary", ft.Icons.LINK_ROUNDED),
        "expired": Status(_("Its time is over"), "neutral", ft.Icons.TIMER_OFF_OUTLINED),
    }
    return states.get(shown.status, Status(_("Stopped"), "neutral", ft.Icons.BLOCK_ROUNDED))
