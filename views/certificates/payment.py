"""Paying the fee by a QR code of one's bank: amount, time left, what went wrong, and once more."""

import asyncio
from datetime import datetime, timedelta

import flet as ft

from app.hooks import (
    component,
    use_action,
    use_id,
    use_look,
    use_loop,
    use_revisions,
    use_services,
    use_state,
)
from app.text import _, show_moment, show_money
from services.certificates import CertificateApplication, Payment
from services.chance import new_id
from views.certificates.verify_code import LinkCode
from views.components import (
    Card,
    ErrorPanel,
    Heading,
    LinkButton,
    MainButton,
    Note,
    Text,
    stacked,
)

QR_SIDE = 260
"""The drawn code's side in dp: a bank's app reads it off a second screen."""
OVER = ("failed", "expired")


@component
def Paying(application: CertificateApplication, payment: Payment) -> ft.Control:
    """The code to scan with amount and time left, or why it cannot be paid any more."""
    services = use_services()
    now = services.clock.now()
    if payment.status in OVER or (payment.status == "pending" and now >= payment.expires_datetime):
        return stacked([_over(payment), *_sandbox(payment)])
    return stacked([Asked(payment), *_sandbox(payment)])


@component
def Asked(payment: Payment) -> ft.Control:
    """Amount, code, what to do, and the time left."""
    look = use_look()
    spoken = _("QR code to pay {money} with your bank's app")
    money = show_money(payment.amount)
    code = ft.Semantics(
        label=spoken.format(money=money),
        image=True,
        container=True,
        content=LinkCode(payment.qr, min(QR_SIDE, int(look.width) - 96)),
    )
    return Card(
        Text(_("Fee to pay"), "supporting"),
        Heading(money, 2, "headline"),
        ft.Container(code, alignment=ft.Alignment.CENTER),
        Text(_("Scan the code with your bank's app. The page goes on by itself once it is paid.")),
        TimeLeft(payment.expires_datetime),
    )


@component
def TimeLeft(until: datetime) -> ft.Control:
    """How long the code can be paid, by the second; a screen reader hears the moment it ends."""
    services = use_services()
    now, set_now = use_state(services.clock.now())

    async def tick() -> None:
        while True:
            set_now(services.clock.now())
            await asyncio.sleep(1.0)

    use_loop(tick)
    left = max(timedelta(), until - now)
    spoken = _("To be paid until {moment}").format(moment=show_moment(until))
    words = _("To be paid within {time}").format(time=show_left(left))
    return ft.Semantics(label=spoken, exclude_semantics=True, content=Text(words, "label"))


def show_left(left: timedelta) -> str:
    """`23:59:07`, or `09:07` within the last hour."""
    minutes, seconds = divmod(int(left.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


def _over(payment: Payment) -> ft.Control:
    if payment.status == "failed":
        sentence = _("You were not charged. Ask for a new code and pay again.")
        return Note(_("Payment failed."), sentence, "error", live=True)
    sentence = _("Nothing was charged. Ask for a new code, the application is kept meanwhile.")
    return Note(
        _("The code's time is over."), sentence, "tertiary", ft.Icons.TIMER_OFF_OUTLINED, live=True
    )


def _sandbox(payment: Payment) -> list[ft.Control]:
    if not payment.sandbox:
        return []
    words = _("No money moves. The buttons below answer in the bank's place.")
    return [Note(_("Sandbox payment."), words, "tertiary", ft.Icons.SCIENCE_ROUNDED)]


@component
def PayFoot(application: CertificateApplication, payment: Payment) -> ft.Control:
    """A new code when the old one is over; in the sandbox, what the bank would answer."""
    services, revisions = use_services(), use_revisions()
    key, set_key = use_id()
    code, certificates = application.application_id, services.certificates
    over = payment.status in OVER or services.clock.now() >= payment.expires_datetime

    async def again() -> None:
        await certificates.pay_again(code, key)
        set_key(new_id())
        revisions.certificates += 1

    async def pay() -> None:
        await certificates.pay_in_sandbox(code, payment.payment_id, "paid")
        revisions.certificates += 1

    async def fail() -> None:
        await certificates.pay_in_sandbox(code, payment.payment_id, "failed")
        revisions.certificates += 1

    renewing, paying, failing = use_action(again), use_action(pay), use_action(fail)
    error = renewing.error or paying.error or failing.error
    failed = [ErrorPanel(error)] if error else []
    if over:
        button = MainButton(_("Ask for a new code"), renewing, ft.Icons.QR_CODE_2_ROUNDED)
        return stacked([*failed, button], 8)
    if not payment.sandbox:
        return stacked(failed)
    return stacked(
        [
            *failed,
            MainButton(_("Sandbox: pay"), paying, ft.Icons.SCIENCE_ROUNDED, _("Paying…")),
            LinkButton(_("Sandbox: let the payment fail"), failing),
        ],
        8,
    )
