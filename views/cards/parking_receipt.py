"""The end of a stay: its receipt, and more play money when the balance was too low."""

from datetime import datetime

import flet as ft

from app.hooks import component, use_action, use_resource, use_revisions, use_services
from app.text import _, language, local, show_date, show_money, show_time
from services.chance import new_id
from services.parking_sessions import ParkingAccount, ParkingSession
from services.plates import show_plate
from views.cards.parking_words import minutes_of, show_lines, show_minutes
from views.components import (
    CardList,
    ErrorPanel,
    Heading,
    Loaded,
    Note,
    OutlineButton,
    SummaryRow,
    Text,
    name_of,
    stacked,
)


@component
def Receipt(stay: ParkingSession) -> ft.Control:
    """What was paid, for what, and how it was reckoned."""
    receipt, ended = stay.receipt, stay.ended_at
    if receipt is None or ended is None:
        return Text(_("The receipt is not here yet. Open this stay again in a moment."))
    rows = [
        (_("Paid"), show_money(receipt.amount)),
        (_("Reckoned"), show_lines(receipt.lines)),
        (_("Plate"), show_plate(stay.plate, stay.vehicle)),
        (_("Parking place"), name_of(stay.place.name, language())),
        (_("In"), _at(stay.started_at)),
        (_("Out"), _at(ended)),
        (_("Parked for"), show_minutes(minutes_of(ended - stay.started_at))),
        (_("Receipt number"), receipt.number),
        (_("Balance after"), show_money(receipt.balance_after)),
    ]
    return stacked(
        [
            Note(_("Paid once."), _("The stay has ended and the receipt is kept here."), "primary"),
            Heading(_("Receipt"), 2, "title_small"),
            CardList(*[SummaryRow(label, value) for label, value in rows]),
            Text(
                _("A sandbox receipt: no real money was moved and no tax office has it."),
                "supporting",
            ),
        ]
    )


@component
def TopUp() -> ft.Control:
    """The sandbox account's balance, and more play money."""
    services, revisions = use_services(), use_revisions()
    account = use_resource(services.parking.account, revisions.parking)
    key = ft.use_ref("")

    async def add() -> None:
        # A lost answer is asked for again under the same key: it adds nothing twice.
        key.current = key.current or new_id()
        await services.parking.top_up(key.current)
        key.current = ""
        revisions.parking += 1

    adding = use_action(add)

    def draw(found: ParkingAccount) -> ft.Control:
        balance = _("Balance of the sandbox account: {money}").format(
            money=show_money(found.balance)
        )
        label = _("Top up {money} of play money (sandbox)").format(money=show_money(found.top_up))
        return stacked([Text(balance), OutlineButton(label, adding, ft.Icons.ADD_ROUNDED)])

    return stacked([Loaded(account, draw), *([ErrorPanel(adding.error)] if adding.error else [])])


def _at(moment: datetime) -> str:
    return f"{show_time(moment)}, {show_date(local(moment).date())}"
