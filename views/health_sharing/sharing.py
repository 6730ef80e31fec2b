"""A share that runs, with its code, who opened it and the stop; or how it ended (picture 13b)."""

import asyncio
from collections.abc import Callable
from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_action,
    use_look,
    use_loop,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import _, show_moment
from services.health_sharing import HealthShare, SharedLink
from views.components import (
    Card,
    ErrorPanel,
    Loaded,
    MainButton,
    OutlineButton,
    Screen,
    StatusChip,
    Text,
    keyed,
    open_path,
    stacked,
)
from views.health_sharing.code import CodePanel
from views.health_sharing.opened import Openings
from views.health_sharing.words import sections_words, share_status

ASKED_EVERY = 5.0
"""Seconds between two looks at who opened it."""

Shown = tuple[HealthShare, SharedLink | None]


@view
def HealthShareView() -> ft.Control:
    """The share at this address; asked again every few seconds while it is open."""
    share_id = unquote(ft.use_route_params().get("share_id", ""))
    return keyed(share_id, Watched, share_id)


@component
def Watched(share_id: str) -> ft.Control:
    """Fetches the share and its link, and fetches it again while it runs."""
    services, revisions = use_services(), use_revisions()
    turn, set_turn = use_state(0)

    async def fetch() -> Shown:
        found = await services.health_sharing.get(share_id)
        return found, await services.health_sharing.link_of(share_id)

    async def look_again() -> None:
        while True:
            await asyncio.sleep(ASKED_EVERY)
            set_turn(lambda n: n + 1)

    found = use_resource(fetch, revisions.health_shares, turn)
    running = not isinstance(found, Ready) or found.value[0].running
    use_loop(look_again if running else _rest, running)
    if not isinstance(found, Ready):
        return Screen(
            _("Share"), Loaded(found, lambda _shown: ft.Container()), back=paths.HEALTH_SHARES
        )
    share, link = found.value
    return Sharing(share, link) if share.running else Ended(share)


async def _rest() -> None:
    """Nothing changes any more."""


@component
def Sharing(share: HealthShare, link: SharedLink | None) -> ft.Control:
    """The code, what it shows, who opened it, and the stop."""
    asking, set_asking = use_state(False)
    foot = (
        (StopQuestion(share, set_asking),)
        if asking
        else (
            OutlineButton(
                _("Stop sharing now"),
                lambda e: set_asking(True),
                ft.Icons.BLOCK_ROUNDED,
                danger=True,
            ),
        )
    )
    return Screen(
        _("Sharing"),
        CodePanel(share, link),
        WhatIsShared(share),
        Openings(share),
        back=paths.HEALTH_SHARES,
        close=True,
        foot=foot,
    )


@component
def WhatIsShared(share: HealthShare) -> ft.Control:
    """`Đang cho xem: Dị ứng, Bệnh…`."""
    look = use_look()
    words = _("May be seen: {parts}") if share.running else _("Was shared: {parts}")
    return ft.Row(
        [
            ft.Icon(ft.Icons.FOLDER_OPEN_ROUNDED, size=look.icon(24)),
            ft.Container(Text(words.format(parts=sections_words(share))), expand=True),
        ],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


@component
def StopQuestion(share: HealthShare, set_asking: Callable[[bool], None]) -> ft.Control:
    """Asks once; there is no way back, because the file is deleted."""
    services, revisions = use_services(), use_revisions()

    async def stop() -> None:
        await services.health_sharing.stop(share.share_id)
        revisions.health_shares += 1

    stopping = use_action(stop)
    yes = _("Stopping…") if stopping.running else _("Yes, stop")
    return stacked(
        [
            ft.Semantics(live_region=True, content=Text(_("Stop sharing?"), "title_small")),
            Text(
                _("The link closes at once and for good; share anew if it is needed again."),
                "supporting",
            ),
            *([ErrorPanel(stopping.error)] if stopping.error else []),
            ft.Row(
                [
                    OutlineButton(yes, stopping, danger=True),
                    OutlineButton(_("Go on sharing"), lambda e: set_asking(False)),
                ],
                wrap=True,
                spacing=8,
                run_spacing=8,
            ),
        ],
        8,
    )


@component
def Ended(share: HealthShare) -> ft.Control:
    """How and when it ended, who opened it, and the way to a new one."""
    when = show_moment(share.ended_at) if share.ended_at else ""
    gone = _("Nobody can open it any more. The encrypted file was deleted.")
    again = MainButton(_("Share anew"), open_path(paths.HEALTH_SHARE), ft.Icons.QR_CODE_2_ROUNDED)
    return Screen(
        _("Share"),
        Card(StatusChip(share_status(share)), Text(when, "label"), Text(gone, "supporting")),
        WhatIsShared(share),
        Openings(share),
        back=paths.HEALTH_SHARES,
        foot=(again,),
    )
