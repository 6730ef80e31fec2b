"""Taking an application back: it asks once and says what follows."""

import flet as ft

from app.hooks import component, use_action, use_revisions, use_services, use_state
from app.text import _
from services.certificates import CertificateApplication
from views.components import ErrorPanel, LinkButton, Note, OutlineButton, stacked


@component
def Withdraw(application: CertificateApplication) -> ft.Control:
    """Offered as long as the gateway says that it can be done."""
    services, revisions = use_services(), use_revisions()
    asked, set_asked = use_state(False)

    async def withdraw() -> None:
        await services.certificates.withdraw(application.application_id)
        set_asked(False)
        revisions.certificates += 1

    def ask() -> None:
        set_asked(True)

    def keep() -> None:
        set_asked(False)

    withdrawing = use_action(withdraw)
    if not asked:
        return OutlineButton(_("Withdraw the application"), ask, ft.Icons.UNDO_ROUNDED, danger=True)
    paid = application.payment is not None and application.payment.status == "paid"
    money = _("What you paid is given back if the register was not asked yet.") if paid else ""
    sentence = _("Nobody works on it any more and no certificate comes. You can apply anew.")
    label = _("Withdrawing…") if withdrawing.running else _("Yes, withdraw it")
    return stacked(
        [
            Note(_("Withdraw it?"), f"{sentence} {money}".strip(), "error", live=True),
            *([ErrorPanel(withdrawing.error)] if withdrawing.error else []),
            OutlineButton(label, withdrawing, danger=True),
            LinkButton(_("Keep it"), keep),
        ],
        8,
    )
