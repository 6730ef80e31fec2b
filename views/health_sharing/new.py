"""Sharing with a doctor: what, how long, with a passcode (design picture 13a)."""

from collections.abc import Awaitable, Callable
from typing import Any

import flet as ft

from app import paths
from app.hooks import (
    Action,
    component,
    use_action,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import _, local
from services.errors import Offline, ServiceError
from services.health_records import HealthSummary
from services.health_sharing import PreparedShare, ShareChoice
from services.saved import Saved
from views.components import (
    CardList,
    ChoiceChips,
    ErrorPanel,
    Heading,
    LinkButton,
    Loaded,
    MainButton,
    Note,
    Screen,
    SwitchRow,
    Text,
    open_path,
    stacked,
    use_asking,
)
from views.health_sharing.choosing import (
    USUAL,
    SectionChoices,
    duration_options,
    first_day,
    offered,
    period_options,
)
from views.health_sharing.review import Review


@view
def NewHealthShareView() -> ft.Control:
    """The record first: one cannot choose from what is not known."""
    services, revisions = use_services(), use_revisions()

    async def fetch() -> Saved[HealthSummary]:
        return await services.health_records.summary()

    summary = use_resource(fetch, revisions.health_records)
    title = _("Share with a doctor")
    if getattr(summary, "value", None) is None:
        return Screen(title, Loaded(summary, lambda found: ft.Container()), back=paths.RECORDS)
    return Choosing(summary.value)  # type: ignore[union-attr]


@component
def Choosing(summary: HealthSummary) -> ft.Control:
    """The form; what was prepared is kept, so that a second press makes no second share."""
    services, revisions = use_services(), use_revisions()
    asking = use_asking("health_share")
    sections = offered(summary)
    known = {section.code for section in sections}
    chosen, set_chosen = use_state(tuple(code for code in USUAL if code in known))
    period, set_period = use_state("year")
    minutes, set_minutes = use_state("60")
    passcode, set_passcode = use_state(True)
    nothing: PreparedShare | None = None
    reviewed, set_reviewed = use_state(nothing)

    today = local(services.clock.now()).date()
    order = tuple(section.code for section in sections if section.code in chosen)
    wanted = int(minutes) if minutes else None
    choice = ShareChoice(order, first_day(period, today), wanted, passcode)

    def toggle(code: str) -> None:
        set_chosen(lambda now: tuple(c for c in now if c != code) if code in now else (*now, code))

    prepare = use_prepared(choice)

    async def review() -> None:
        set_reviewed(await prepare())

    async def create() -> None:
        share = await services.health_sharing.create(await prepare())
        revisions.health_shares += 1
        await ft.context.page.push_route(paths.health_share(share.share_id))

    async def make() -> None:
        await asking.first(create)

    creating, reviewing = use_action(make), use_action(review)
    if asking.panel:
        return Screen(_("Share with a doctor"), *asking.panel, back=paths.RECORDS, close=True)
    shown = reviewed if reviewed is not None and reviewed.choice == choice else None
    return Screen(
        _("Share with a doctor"),
        Heading(_("1. Which parts may be seen?"), 2, "title_small"),
        SectionChoices(sections, chosen, toggle),
        Text(_("Results and visits from"), "label"),
        ChoiceChips(period_options(), period, set_period),
        *_review(shown, bool(order), reviewing),
        Heading(_("2. For how long?"), 2, "title_small"),
        ChoiceChips(duration_options(), minutes, set_minutes),
        Heading(_("3. Passcode"), 2, "title_small"),
        CardList(PasscodeRow(passcode, set_passcode)),
        Promise(),
        back=paths.RECORDS,
        close=True,
        foot=(
            *_failed(creating.error),
            *([] if order else [Text(_("Choose at least one part"), "label", ft.Colors.ERROR)]),
            MainButton(
                _("Make the sharing code"),
                creating,
                ft.Icons.QR_CODE_2_ROUNDED,
                busy_label=_("Encrypting…"),
                disabled=not order,
            ),
        ),
    )


def use_prepared(choice: ShareChoice) -> Callable[[], Awaitable[PreparedShare]]:
    """Prepares the choice once; a hook. What an answer was lost for is sent again, not made again."""
    services = use_services()
    kept: Any = ft.use_ref(None)

    async def prepare() -> PreparedShare:
        if kept.current is None or kept.current.choice != choice:
            kept.current = await services.health_sharing.prepare(choice)
        prepared: PreparedShare = kept.current
        return prepared

    return prepare


@component
def PasscodeRow(on: bool, change: Callable[[bool], None]) -> ft.Control:
    """On unless the resident turns it off; then what that means."""
    words = _("You read the code to the doctor. Better on.")
    off = _("Whoever gets the link or a photo of the code can open it.")
    return SwitchRow(_("Ask for a 6-digit passcode"), words if on else off, on, change)


@component
def Promise() -> ft.Control:
    """What the resident keeps in hand; on the web also where the key is made."""
    look = use_look()
    lines = [
        (
            ft.Icons.VISIBILITY_OUTLINED,
            _("You see who opened it, and can stop at any time. What was seen stays seen."),
        )
    ]
    if ft.context.page.web:
        words = _("In the browser the app's server encrypts; on a phone the phone does.")
        lines.append((ft.Icons.DNS_OUTLINED, words))
    rows: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(icon, size=look.icon(24)),
                ft.Container(Text(words, "body", ft.Colors.ON_SURFACE_VARIANT), expand=True),
            ],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        for icon, words in lines
    ]
    rows.append(LinkButton(_("My shares"), open_path(paths.HEALTH_SHARES)))
    return stacked(rows, 8)


def _review(shown: PreparedShare | None, possible: bool, reviewing: Action) -> list[ft.Control]:
    if shown is not None:
        return [Review(shown.summary, shown.choice)]
    if not possible:
        return []
    label = _("Fetching…") if reviewing.running else _("See exactly what is shared")
    return [
        LinkButton(label, reviewing, ft.Icons.PREVIEW_OUTLINED),
        *_failed(reviewing.error),
    ]


def _failed(error: ServiceError | None) -> list[ft.Control]:
    if isinstance(error, Offline):
        words = _("A doctor opens it over the network too. What you chose stays here.")
        return [Note(_("Sharing needs a network."), words, "tertiary", live=True)]
    return [ErrorPanel(error)] if error else []
