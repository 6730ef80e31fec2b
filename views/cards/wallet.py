"""The wallet: the transit card and what can be done with it (design picture 08)."""

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_action,
    use_resource,
    use_revisions,
    use_services,
    use_session,
    view,
)
from app.text import _, show_moment
from services.card_states import Blocked, Card, CardState
from services.saved import Saved
from views.cards.parking_card import ParkingInWallet
from views.cards.states import explain_state, no_card
from views.cards.trips import RecentTrips
from views.components import (
    CardList,
    EmptyState,
    ErrorPanel,
    Loaded,
    MainButton,
    NavigationRow,
    Note,
    OutlineButton,
    Screen,
    Text,
    TransitCard,
    open_path,
)

Wallet = tuple[Card | None, CardState]


@view
def CardsView() -> ft.Control:
    """The resident's card, or how to get one."""
    services, revisions = use_services(), use_revisions()

    async def fetch() -> Saved[Wallet]:
        found = await services.cards.card()
        state = await services.cards.code_at(services.clock.now().timestamp())
        return Saved((found.value, state), found.as_of)

    wallet = use_resource(fetch, revisions.cards)
    parts = [Loaded(wallet, WalletContent), ParkingInWallet(), RecentTrips(), ForStaff()]
    card, state = wallet.value if isinstance(wallet, Ready) else (None, None)
    if card is not None and not isinstance(state, Blocked):
        parts.append(BlockButton(False))
    return Screen(_("Cards"), *parts)


@component
def ForStaff() -> ft.Control:
    """The way to inspecting, for who may."""
    person = use_session().person
    if person is None or not {"support", "officer"} & set(person.roles):
        return ft.Container(height=0)
    words = _("A picture of a code, or a card's number")
    row = NavigationRow(
        ft.Icons.QR_CODE_SCANNER_ROUNDED, _("Inspect a card"), words, open_path(paths.INSPECT)
    )
    return CardList(row)


@component
def StaffNote() -> ft.Control:
    """That the hotline blocked the card, and when; nothing when it did not."""
    services, revisions = use_services(), use_revisions()
    acts = use_resource(services.cards.staff_acts, revisions.cards)
    found = acts.value if isinstance(acts, Ready) else []
    last = next((act for act in found if act.act == "blocked"), None)
    if last is None:
        return ft.Container(height=0)
    words = _("The hotline blocked it at {time}.").format(time=show_moment(last.at))
    return Text(words, "supporting")


def WalletContent(wallet: Wallet) -> ft.Control:
    """The card with its state, or one line when there is none."""
    card, state = wallet
    if card is None:
        words = no_card()
        return EmptyState(ft.Icons.WALLET_ROUNDED, words.phrase, words.sentence)
    return CardInWallet(card, state)


@component
def CardInWallet(card: Card, state: CardState) -> ft.Control:
    """The card, why it shows no code, and adding or unblocking it."""
    explanation = explain_state(state)

    async def open_code() -> None:
        await ft.context.page.push_route(paths.CARD_CODE)

    parts: list[ft.Control] = [TransitCard(card, open_code)]
    if explanation is not None:
        parts.append(Note(explanation.phrase, explanation.sentence, "tertiary", explanation.icon))
        if explanation.help == "enrol":
            parts.append(EnrolButton())
    elif ft.context.page.web:
        parts.append(WebSeedsNote())
    if isinstance(state, Blocked):
        parts += [StaffNote(), BlockButton(True)]
    return ft.Column(
        parts, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


@component
def WebSeedsNote() -> ft.Control:
    """On the web the card's secrets lie on the server: said, not hidden."""
    return Note(
        _("This card lives on the app's server."),
        _("In a browser the code needs the connection. On a phone it works 72 hours without one."),
    )


@component
def EnrolButton() -> ft.Control:
    """Put the card on this device; the one that held it before stops showing codes."""
    services, revisions = use_services(), use_revisions()
    page = ft.context.page
    platform = "web" if page.web else str(page.platform.value if page.platform else "linux")
    names = {"web": _("Web browser"), "android": "Android", "ios": "iPhone", "macos": "Mac"}
    name = names.get(platform, _("Computer"))

    async def enrol() -> None:
        await services.cards.enrol(name, platform)
        revisions.cards += 1

    enrolling = use_action(enrol)
    below = [ErrorPanel(enrolling.error)] if enrolling.error else []
    return ft.Column(
        [
            MainButton(
                _("Use the card on this device"),
                enrolling,
                ft.Icons.ADD_CARD_ROUNDED,
                busy_label=_("Adding the card…"),
            ),
            *below,
        ],
        spacing=12,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def BlockButton(blocked: bool) -> ft.Control:
    """Block a lost card, or let it work again: one step each way."""
    services, revisions = use_services(), use_revisions()

    async def change() -> None:
        await (services.cards.unblock() if blocked else services.cards.block())
        revisions.cards += 1

    changing = use_action(change)
    label = _("Unblock the card") if blocked else _("Block the card (lost device)")
    icon = ft.Icons.LOCK_OPEN_ROUNDED if blocked else ft.Icons.BLOCK_ROUNDED
    below = [ErrorPanel(changing.error)] if changing.error else []
    return ft.Column(
        [OutlineButton(label, changing, icon, danger=not blocked), *below],
        spacing=12,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
